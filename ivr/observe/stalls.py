"""A watchdog of the event loop: measures how late it is, and names in the log what held it up too long."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable

BEAT_S = 0.02  # the loop is asked to beat as often as a frame comes
DEPTH = 12  # innermost frames of the stack that are logged
log = logging.getLogger(__name__)


def _nothing(_: float) -> None:
    pass


class Watchdog:
    """`begin` on the event loop, `end` from anywhere.

    `late(seconds)` is told the lateness of every beat, `stalled(seconds)` every stall longer than `limit_s` (real
    seconds). The stack in the log is taken while the loop hangs, so that it shows the culprit and not what came after.
    """

    def __init__(
        self,
        limit_s: float,
        late: Callable[[float], None] = _nothing,
        stalled: Callable[[float], None] = _nothing,
    ) -> None:
        self._limit_s, self._late, self._stalled = limit_s, late, stalled
        self._ended = threading.Event()
        self._due = 0.0
        self._seen = ""
        self._loop_thread = 0

    def begin(self) -> None:
        """Watch the running loop."""
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._next()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def end(self) -> None:
        """Watch no more."""
        self._ended.set()

    def _next(self) -> None:
        self._due = time.monotonic() + BEAT_S
        self._loop.call_later(BEAT_S, self._beat)

    def _beat(self) -> None:
        if self._ended.is_set():
            return
        late = max(time.monotonic() - self._due, 0.0)
        self._late(late)
        if late > self._limit_s:
            self._stalled(late)
            where, self._seen = self._seen or "unknown: it was over before it could be looked at", ""
            log.warning("the event loop stood still for %.0f ms in:\n%s", late * 1000, where)
        self._next()

    def _watch(self) -> None:
        while not self._ended.wait(self._limit_s / 4):
            if time.monotonic() - self._due > self._limit_s * 0.6 and not self._seen:
                self._seen = self._stack()
            elif self._seen and time.monotonic() < self._due:
                self._seen = ""  # it was late, but not too late

    def _stack(self) -> str:
        frame = sys._current_frames().get(self._loop_thread)
        return "".join(traceback.format_stack(frame)[-DEPTH:]).rstrip() if frame else ""
