"""Tasks as the pages show them: with the booking they are about, and who has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.zone import local_day
from console.desk.parts import names
from models.bookings import Booking
from models.tasks import Task


@dataclass(frozen=True)
class Row:
    """A task, its booking (None: it is about a call), the name of its owner ("": nobody has it)."""

    task: Task
    booking: Booking | None
    owner: str


def rows(session: Session, tasks: Sequence[Task]) -> list[Row]:
    """For tasks, in their order."""
    bookings = _bookings(session, tasks)
    owners = names(session, (t.owner for t in tasks))
    return [Row(t, bookings.get(_booking(t)), owners.get(t.owner or "", "")) for t in tasks]


def groups(found: Sequence[Row], now: datetime) -> dict[str, list[Row]]:
    """By urgency: "overdue", "today", "later"; none that are empty."""
    sorted_in: dict[str, list[Row]] = {"overdue": [], "today": [], "later": []}
    for row in found:
        sorted_in[_urgency(row.task.due_at, now)].append(row)
    return {name: some for name, some in sorted_in.items() if some}


def _urgency(due: datetime, now: datetime) -> str:
    if due <= now:
        return "overdue"
    return "today" if local_day(due) == local_day(now) else "later"


def _bookings(session: Session, tasks: Sequence[Task]) -> Mapping[int, Booking]:
    wanted = [id for id in map(_booking, tasks) if id]
    return {b.id: b for b in session.scalars(select(Booking).where(Booking.id.in_(wanted)))} if wanted else {}


def _booking(task: Task) -> int:
    """The id of the booking that a task is about; 0: none."""
    thing, id = task.subject.split(":")[:2]
    return int(id) if thing == "booking" else 0
