"""Which call and conversation a log line is about: kept beside the work, also into threads, and added to every line."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_call: ContextVar[str] = ContextVar("call", default="")
_conversation: ContextVar[str] = ContextVar("conversation", default="")


@contextmanager
def about(call: str = "", conversation: str = "") -> Iterator[None]:
    """What is logged within is about this call and conversation; what is left empty stays as it is."""
    tokens = [(var, var.set(value)) for var, value in ((_call, call), (_conversation, conversation)) if value]
    try:
        yield
    finally:
        for var, token in reversed(tokens):
            var.reset(token)


def current() -> tuple[str, str]:
    """The call and the conversation that this work is about; "" where it is about none."""
    return _call.get(), _conversation.get()


class AddContext(logging.Filter):
    """Puts `call` and `conversation` on every record; for handlers."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything through."""
        record.call, record.conversation = current()
        return True


class Carrying(ThreadPoolExecutor):
    """Threads that log about the same call as who gave them the work."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As the base class's."""
        work: Any = copy_context().run
        result: Future[T] = super().submit(work, fn, *args, **kwargs)
        return result
