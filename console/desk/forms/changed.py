"""What others do to a record that somebody has open: who looks at it too, and what has been changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.viewings import Viewing


class Happened(Protocol):
    """An event row of a booking, a complaint or an appeal."""

    id: int
    at: datetime
    who: str
    what: str
    from_stage: str | None
    to_stage: str
    why: str
    data: dict[str, Any] | None


@dataclass(frozen=True)
class Step:
    """One change: when, who (the agent's name; "" where the words name the kind `by`), what, the stage that it led to
    ("": none), why, and what the event says beside it."""

    at: datetime
    name: str
    by: str
    what: str
    stage: str
    why: str
    data: Mapping[str, Any]


def steps(session: Session, events: Iterable[Happened], after: int | None = None) -> list[Step]:
    """The events after the one with number `after` (None: all), the oldest first."""
    rows = [e for e in events if after is None or e.id > after]
    known = names(session, [e.who.partition(":")[2] for e in rows])
    return [_step(event, known) for event in rows]


def last(events: Sequence[Happened]) -> int:
    """The number of the newest event; a form keeps it to know what has come since."""
    return max((e.id for e in events), default=0)


def viewers(session: Session, rows: Sequence[Viewing]) -> list[tuple[str, datetime]]:
    """The names of who looks at a record, and since when."""
    known = names(session, [row.agent for row in rows])
    return [(known.get(row.agent, row.agent), row.since) for row in rows]


def names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The names of accounts by their ids."""
    wanted = {id for id in ids if id}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))) if wanted else ()
    return {row[0]: row[1] for row in rows}


def _step(event: Happened, known: Mapping[str, str]) -> Step:
    kind, _, id = event.who.partition(":")
    stage = event.to_stage if event.to_stage != event.from_stage else ""
    return Step(event.at, known.get(id, ""), kind, event.what, stage, event.why, event.data or {})
