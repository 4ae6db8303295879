"""Who is in a call now, and how: as the store knows it, without asking the carrier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.changes import agent, load
from ivr.desk.legs import listeners
from models.presence import Presence
from models.queue import Handoff, HandoffEvent

How = Literal["waits", "talks", "rings", "listen", "whisper", "join"]
CALLER = "caller"


@dataclass(frozen=True)
class Seated:
    """One in a call, or about to be: `who` is "caller" or the id of an account. A caller may be `held` (hears music),
    an agent `muted` (is not heard)."""

    who: str
    how: How
    held: bool = False
    muted: bool = False


def seated(session: Session, handoff: int) -> tuple[Seated, ...]:
    """The caller first, then agents (the one whose call it is first) and supervisors. Raises NotFound."""
    row = load(session, handoff)
    if row.state not in ("waiting", "offered", "talking"):
        return ()
    events = _since_accepted(session, handoff)
    held = next((e.what == "held" for e in reversed(events) if e.what in ("held", "resumed")), False)
    caller = Seated(CALLER, "talks" if row.state == "talking" else "waits", held=held)
    return (caller, *_agents(session, row, events), *_supervisors(session, handoff))


def _agents(session: Session, row: Handoff, events: Sequence[HandoffEvent]) -> list[Seated]:
    mine = select(Presence).where(Presence.handoff_id == row.id, Presence.state.in_(("talking", "offered")))
    found = sorted(session.scalars(mine), key=lambda p: (p.agent != row.agent, p.agent))
    return [
        Seated(p.agent, "talks" if p.state == "talking" else "rings", muted=_muted(events, str(agent(p.agent))))
        for p in found
    ]


def _supervisors(session: Session, handoff: int) -> list[Seated]:
    parts: dict[str, How] = {"listen": "listen", "whisper": "whisper", "join": "join"}
    return [Seated(one.supervisor, parts[one.part]) for one in listeners(session, handoff)]


def _since_accepted(session: Session, handoff: int) -> Sequence[HandoffEvent]:
    """What has happened since the present agent has the call."""
    mine = select(HandoffEvent).where(HandoffEvent.handoff_id == handoff).order_by(HandoffEvent.id)
    events = list(session.scalars(mine))
    accepted = max((i for i, e in enumerate(events) if e.what == "accepted"), default=0)
    return events[accepted:]


def _muted(events: Sequence[HandoffEvent], who: str) -> bool:
    told = (e.what == "muted" for e in reversed(events) if e.who == who and e.what in ("muted", "unmuted"))
    return next(told, False)
