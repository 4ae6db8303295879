"""Changing a handoff or an agent's presence: compare-and-set, so that of two processes one succeeds.

Whoever changes both changes the handoff first: two transactions then never wait for one another in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.errors import Conflict, NotFound
from booking.privacy import masked
from models.presence import Presence
from models.queue import Handoff, HandoffEvent

OPEN = ("waiting", "offered", "talking")
ON_SHIFT = ("ready", "offered", "talking", "wrap_up")


def load(session: Session, handoff: int) -> Handoff:
    """The handoff as it is stored now; raises NotFound."""
    row = session.get(Handoff, handoff, populate_existing=True)
    if row is None:
        raise NotFound(f"handoff {handoff}")
    return row


def presence_of(session: Session, agent: str) -> Presence:
    """The agent's presence as it is stored now; raises NotFound for one who was never at the desk."""
    row = session.get(Presence, agent, populate_existing=True)
    if row is None:
        raise NotFound(f"agent {agent}")
    return row


def advance(session: Session, now: datetime, row: Handoff, **values: Any) -> Handoff:
    """Set `values` if nobody has changed the handoff since it was read, and read it again; raises Conflict."""
    this = update(Handoff).where(Handoff.id == row.id, Handoff.version == row.version)
    change = this.values(**values, version=row.version + 1, updated_at=now).returning(Handoff.id)
    if session.scalar(change.execution_options(synchronize_session=False)) is None:
        raise Conflict(f"handoff {row.id}, version {row.version}")
    session.refresh(row)
    return row


def set_presence(session: Session, now: datetime, row: Presence, state: str, **values: Any) -> Presence:
    """Set the agent's state if nobody has changed the row since it was read; raises Conflict.

    The handoff in hand and a reason go, unless they are among `values`; who becomes ready comes last of those who are.
    The telephone's leg is that of an offer and of the talk that follows it.
    """
    if state == "ready":
        values.setdefault("ready_since", now)
    if state != "talking":
        values = {"leg": "", "rung_at": None, **values}
    values = {"reason": "", "handoff_id": None, "next_state": "", **values}
    this = update(Presence).where(Presence.agent == row.agent, Presence.version == row.version)
    change = this.values(state=state, since=now, version=row.version + 1, **values).returning(Presence.agent)
    if session.scalar(change.execution_options(synchronize_session=False)) is None:
        raise Conflict(f"agent {row.agent}, version {row.version}")
    session.refresh(row)
    return row


def wrapped(session: Session, now: datetime, row: Handoff, agent: str) -> None:
    """The work after a call is over; the first time counts."""
    if row.agent == agent and row.state not in OPEN and row.wrapped_at is None:
        advance(session, now, row, wrapped_at=now)


def note(
    session: Session, now: datetime, row: Handoff, who: Actor, what: str, data: Mapping[str, Any] | None = None
) -> None:
    """Write down what happened to a handoff."""
    plain = masked(dict(data)) if data else None
    session.add(HandoffEvent(handoff_id=row.id, at=now, who=str(who), what=what, data=plain))
    session.flush()


def agent(id: str) -> Actor:
    """The agent with this account as an actor."""
    return Actor("agent", id)
