"""The line: who waits, who is with an agent, which agents are there, and how much of the work list is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk.changes import OPEN
from booking.desk.whisper import said_of
from console.deps import deps
from console.desk.looks import service_of
from console.desk.parts import ended, me, names, seconds, show
from ivr.gate import open_to
from models.presence import Presence
from models.queue import Handoff
from models.tasks import Task

MOST = 30  # callers shown in each list


@dataclass(frozen=True)
class InLine:
    """A caller who waits or is with an agent: the end of the number, what it is about, with whom or to whom it is
    offered, for how long (seconds)."""

    row: Handoff
    number: str
    service: str
    agent: str
    since: int


@dataclass(frozen=True)
class Colleague:
    """An agent at the desk, and for how long what (seconds)."""

    row: Presence
    name: str
    since: int
    mine: bool


@open_to(AGENT, SUPERVISOR, idle=True)
def line() -> Response:
    """The line as it stands."""
    return show("line", **stands())


def stands() -> dict[str, Any]:
    """What `desk/line.html` shows."""
    now = deps().now()
    with deps().store.read() as session:
        rows, there = _line(session), _colleagues(session)
        known = names(session, [*(r.offered_to or r.agent for r in rows), *(c.agent for c in there)])
        tasks = _tasks(session, now)
    lines = [_in_line(row, known, now) for row in rows]
    return {
        "waiting": [one for one in lines if one.row.state != "talking"],
        "talking": [one for one in lines if one.row.state == "talking"],
        "colleagues": [Colleague(c, known.get(c.agent, "?"), seconds(c.since, now), c.agent == me()) for c in there],
        "most": MOST,
        "tasks": tasks,
    }


def _line(session: Session) -> list[Handoff]:
    order = (Handoff.priority.desc(), Handoff.waiting_since, Handoff.id)
    return list(session.scalars(select(Handoff).where(Handoff.state.in_(OPEN)).order_by(*order)))


def _colleagues(session: Session) -> list[Presence]:
    return list(session.scalars(select(Presence).where(Presence.state != "off").order_by(Presence.since)))


def _tasks(session: Session, now: datetime) -> tuple[int, int]:
    """How many pieces of work nobody but me may have in hand, and how many of those are overdue."""
    mine = Task.done_at.is_(None) & (Task.owner.is_(None) | (Task.owner == me()))
    found = session.execute(select(func.count(), func.count().filter(Task.due_at < now)).where(mine)).one()
    return found[0], found[1]


def _in_line(row: Handoff, known: Mapping[str, str], now: datetime) -> InLine:
    said = said_of(row)
    service = said.get("service") or next(iter(said.get("services") or ()), None)
    return InLine(
        row=row,
        number=ended(row.caller),
        service=service_of(str(service)) if service else "",
        agent=known.get(row.offered_to or row.agent or "", ""),
        since=seconds(row.accepted_at if row.state == "talking" else row.waiting_since, now),
    )
