"""The place in the line and the wait to be expected, as they are told to the caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.matching import able, on_shift
from booking.desk.rules import DeskRules
from models.presence import Presence
from models.queue import Handoff

RECENT = 50  # calls; enough for a steady mean, few enough to follow the day


@dataclass(frozen=True)
class Place:
    """`place` counts from 1. `wait_s` is what is left to wait, seconds; None: nobody is on shift, so nobody knows."""

    place: int
    wait_s: float | None


def place(session: Session, now: datetime, rules: DeskRules, handoff: Handoff) -> Place:
    """Where a waiting caller stands, among all who wait for the same agents.

    With n agents who each take h seconds a call, one of them is free every h/n seconds. Who is being offered waits no
    more.
    """
    if handoff.state == "offered":
        return Place(1, 0.0)
    shift = on_shift(session.scalars(select(Presence)), now, rules)
    mine = {a.agent for a in able(handoff, shift)}
    ahead = [r for r in _line(session) if _before(r, handoff) and (not mine or mine & _names(able(r, shift)))]
    if not mine:
        return Place(len(ahead) + 1, None)
    free = sum(a.state == "ready" for a in shift if a.agent in mine)
    behind = len(ahead) + 1 - free
    return Place(len(ahead) + 1, max(0, behind) * handling_s(session, rules) / len(mine))


def handling_s(session: Session, rules: DeskRules) -> float:
    """What an agent needs for a call with the work after it, seconds: the mean of the recent ones."""
    ended = Handoff.ended_at.is_not(None) & Handoff.answered_at.is_not(None)
    recent = select(Handoff.answered_at, Handoff.ended_at, Handoff.wrapped_at).where(ended)
    rows = session.execute(recent.order_by(Handoff.ended_at.desc()).limit(RECENT)).all()
    lengths = [((wrapped or end) - began).total_seconds() for began, end, wrapped in rows if began and end]
    return mean(lengths) if lengths else rules.handling_s


def _line(session: Session) -> Sequence[Handoff]:
    """All who wait, also those whose line is broken: they keep their place."""
    return session.scalars(select(Handoff).where(Handoff.state.in_(("waiting", "offered")))).all()


def _before(one: Handoff, other: Handoff) -> bool:
    return (-one.priority, one.waiting_since, one.id) < (-other.priority, other.waiting_since, other.id)


def _names(agents: Sequence[Presence]) -> set[str]:
    return {a.agent for a in agents}
