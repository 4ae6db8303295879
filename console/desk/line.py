"""The line: who waits, which agents are there; and how much of the work list is due."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk.whisper import said_of
from console.deps import deps
from console.desk.deps import desk
from console.desk.looks import service_of
from console.desk.parts import ended, me, names, seconds, show
from console.language import language
from ivr.gate import open_to
from models.presence import Presence
from models.queue import Handoff
from models.tasks import Task

KEPT = "mitan-line"
MOST = 30  # callers, or agents, shown


@dataclass(frozen=True)
class InLine:
    """A caller who waits: the end of the number, what it is about, to whom it is offered, for how long (seconds)."""

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


@dataclass(frozen=True)
class Drawn:
    """The line as it was drawn at `at` (steady seconds), when the desk had these `numbers`."""

    numbers: Mapping[str, int]
    html: Markup
    at: float


@open_to(AGENT, SUPERVISOR, idle=True)
def line() -> Response:
    """The line as it stands."""
    return show("line", **stands())


@open_to(AGENT, SUPERVISOR, idle=True)
def work() -> Response:
    """How much of the work list is mine or anybody's."""
    return show("work_due", tasks=due())


def stands() -> dict[str, Any]:
    """What `desk/line.html` shows. After an event all pages ask for the same: it is drawn once in each language, and
    `age` says how many seconds ago, for the times that run in it."""
    kept: dict[str, Drawn] = current_app.extensions.setdefault(KEPT, {})
    known, now = desk().numbers(), time.monotonic()
    drawn = kept.get(language())
    if drawn is None or known is None or drawn.numbers != known:
        drawn = Drawn(known or {}, Markup(show("lists", **_lists()).get_data(as_text=True)), now)
        kept[language()] = drawn
    return {"lists": drawn.html, "age": round(now - drawn.at)}


def due() -> tuple[int, int]:
    """How many pieces of work nobody but me may have in hand, and how many of those are overdue."""
    mine = Task.done_at.is_(None) & (Task.owner.is_(None) | (Task.owner == me()))
    counts = select(func.count(), func.count().filter(Task.due_at < deps().now())).where(mine)
    with deps().store.read() as session:
        found = session.execute(counts).one()
    return found[0], found[1]


def _lists() -> dict[str, Any]:
    now = deps().now()
    with deps().store.read() as session:
        rows, there = _line(session), _colleagues(session)
        known = names(session, [*(r.offered_to for r in rows), *(c.agent for c in there)])
    return {
        "waiting": [_in_line(row, known, now) for row in rows],
        "colleagues": [Colleague(c, known.get(c.agent, "?"), seconds(c.since, now)) for c in there],
        "most": MOST,
    }


def _line(session: Session) -> list[Handoff]:
    order = (Handoff.priority.desc(), Handoff.waiting_since, Handoff.id)
    return list(session.scalars(select(Handoff).where(Handoff.state.in_(("waiting", "offered"))).order_by(*order)))


def _colleagues(session: Session) -> list[Presence]:
    return list(session.scalars(select(Presence).where(Presence.state != "off").order_by(Presence.since)))


def _in_line(row: Handoff, known: Mapping[str, str], now: datetime) -> InLine:
    said = said_of(row)
    service = said.get("service") or next(iter(said.get("services") or ()), None)
    return InLine(
        row=row,
        number=ended(row.caller),
        service=service_of(str(service)) if service else "",
        agent=known.get(row.offered_to or "", ""),
        since=seconds(row.waiting_since, now),
    )
