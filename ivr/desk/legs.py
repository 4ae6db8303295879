"""The legs (calls to telephones of agents and supervisors) of a handoff, as the store knows them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.listeners import Listener
from models.presence import Presence


def room_of(handoff: int) -> str:
    """The name of the room in which caller and agent talk."""
    return f"handoff-{handoff}"


def legs_of(session: Session, handoff: int) -> dict[str, str]:
    """The legs of the agents who talk in this call, or are rung for it, by agent."""
    mine = select(Presence.agent, Presence.leg).where(Presence.handoff_id == handoff, Presence.leg != "")
    rows = session.execute(mine.where(Presence.state.in_(("talking", "offered"))))
    return {row.agent: row.leg for row in rows}


def leg_is(session: Session, agent: str, handoff: int, leg: str) -> bool:
    """Remember the leg of an agent who is in this call or rung for it. False: he is neither, nobody wants the leg."""
    mine = (Presence.agent == agent) & (Presence.handoff_id == handoff)
    wanted = update(Presence).where(mine, Presence.state.in_(("talking", "offered"))).values(leg=leg)
    found = session.scalar(wanted.returning(Presence.agent).execution_options(synchronize_session=False))
    return found is not None


def claimed(session: Session, now: datetime, agent: str, before: datetime) -> bool:
    """Set about ringing an agent to whom a call is offered, unless another process did after `before`."""
    idle = Presence.rung_at.is_(None) | (Presence.rung_at <= before)
    this = (Presence.agent == agent) & (Presence.state == "offered") & (Presence.leg == "")
    mine = update(Presence).where(this, idle).values(rung_at=now).returning(Presence.agent)
    return session.scalar(mine.execution_options(synchronize_session=False)) is not None


def unclaimed(session: Session, agent: str, handoff: int, leg: str) -> bool:
    """Let the agent be rung again for this offer, whose leg has come to nothing. False: it is not his leg (yet)."""
    mine = (Presence.agent == agent) & (Presence.handoff_id == handoff) & (Presence.state == "offered")
    this = update(Presence).where(mine, Presence.leg == leg).values(leg="", rung_at=None).returning(Presence.agent)
    return session.scalar(this.execution_options(synchronize_session=False)) is not None


def unrung(session: Session, before: datetime) -> list[tuple[str, int]]:
    """The agents to whom a call is offered and whose telephone nobody has rung, with the handoff."""
    idle = Presence.rung_at.is_(None) | (Presence.rung_at <= before)
    waiting = select(Presence.agent, Presence.handoff_id).where(Presence.state == "offered", Presence.leg == "", idle)
    return [(agent, handoff) for agent, handoff in session.execute(waiting) if handoff is not None]


def listeners(session: Session, handoff: int) -> list[Listener]:
    """The supervisors in this call."""
    mine = select(Listener).where(Listener.handoff_id == handoff, Listener.ended_at.is_(None))
    return list(session.scalars(mine.order_by(Listener.id)))
