"""What must stand in the store after a scripted call, beside the bookings made in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.script import same
from models.appeals import Appeal
from models.base import Base
from models.bookings import Booking
from models.complaints import Complaint
from models.feedback import Feedback
from models.notices import Notice
from models.waiting import Waiting

TABLES: Mapping[str, type[Base]] = {
    "bookings": Booking,
    "complaints": Complaint,
    "appeals": Appeal,
    "feedback": Feedback,
    "waiting": Waiting,
    "notices": Notice,
}


def not_found(session: Session, expected: Iterable[Mapping[str, str]]) -> list[str]:
    """What is not as expected: `{table: bookings, number: 20418833, stage: cancelled}` is a row that must be there,
    `count: 0` beside it says how many such rows there must be (else at least one)."""
    return [problem for want in expected for problem in _problems(session, dict(want))]


def _problems(session: Session, want: dict[str, str]) -> list[str]:
    name, count = want.pop("table"), want.pop("count", None)
    rows = session.scalars(select(TABLES[name])).all()
    fitting = [row for row in rows if all(same(value, _value(row, key)) for key, value in want.items())]
    if len(fitting) == int(count) if count is not None else fitting:
        return []
    return [f"{len(fitting)} of {len(rows)} {name} have {want}, expected {count or 'some'}"]


def _value(row: Any, key: str) -> object:
    value = getattr(row, key)
    return "" if value is None else value
