"""Callers and agents at a desk, and short ways to act, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from booking.desk.dispatch import Offer, dispatch
from booking.desk.line import Entry, enter
from booking.desk.presence import Post, come, ready
from booking.desk.rules import DeskRules
from models.presence import Presence
from models.queue import Handoff, HandoffEvent
from models.store import Store
from tests.booking.town import at

RULES = DeskRules()
NOON = at(23, 12)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def comes(store: Store, agent: str, now: datetime = NOON, queues: Sequence[str] = (), **post: Any) -> None:
    """An agent at the desk, ready, who takes these queues (none: all)."""
    with store.begin() as session:
        come(session, now, agent, Post(**post)).queues = list(queues)
        ready(session, now, agent)


def calls(store: Store, conversation: str, now: datetime = NOON, **changes: Any) -> Handoff:
    """A caller in the line; the number ends with the digits of the conversation."""
    digits = "".join(c for c in conversation if c.isdigit()) or "1"
    values = {"call_sid": f"CA-{conversation}", "caller": f"+91981234{int(digits):04d}", "language": "hi", **changes}
    with store.begin() as session:
        return enter(session, now, RULES, Entry(conversation, **values))


def offers(store: Store, now: datetime = NOON) -> list[Offer]:
    """What is offered now."""
    return dispatch(store, now, RULES)


def does(store: Store, deed: Callable[..., Any], *args: Any, now: datetime = NOON, **options: Any) -> Any:
    """`deed(session, now, …)`."""
    with store.begin() as session:
        return deed(session, now, *args, **options)


def stands(store: Store, handoff: int) -> Handoff:
    """The handoff now."""
    with store.read() as session:
        return session.get_one(Handoff, handoff)


def state(store: Store, agent: str) -> str:
    """What the agent does now."""
    with store.read() as session:
        return session.get_one(Presence, agent).state


def happened(store: Store, handoff: int) -> list[str]:
    """What happened to a handoff, in order."""
    with store.read() as session:
        events = select(HandoffEvent.what).where(HandoffEvent.handoff_id == handoff)
        return list(session.scalars(events.order_by(HandoffEvent.id)))
