"""Tasks for bookings that stand where nobody visits any more and were not moved: a new time is agreed by telephone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from booking.actors import JOB
from booking.clearing import under_way, where_of
from booking.desk.making import New, ensure
from booking.desk.tasks import close
from booking.rules import VisitRules
from booking.stranded import stranded
from models.bookings import Booking
from models.store import Store
from models.tasks import Task

CLOSED_DAY = "closed_day"
SOON = timedelta(hours=2)


def gather_stranded(store: Store, now: datetime, rules: VisitRules) -> int:
    """Make the tasks that are missing, once for a booking's slot, and close those that nobody needs any more; how many
    were made. Bookings that are just being moved are left out."""
    with store.read() as session:
        waiting = {b.id for row in under_way(session) for b in stranded(session, now, rules, where_of(row))}
        found = {_subject(b): b for b in stranded(session, now, rules)}
        listed = select(Task.subject).where(Task.kind == CLOSED_DAY, Task.done_at.is_(None), Task.owner.is_(None))
        over = [subject for subject in session.scalars(listed) if subject not in found]
    wanted = [_task(b, now) for b in found.values() if b.id not in waiting]
    if not wanted and not over:
        return 0
    with store.begin() as session:
        mine = select(Task).where(Task.kind == CLOSED_DAY, Task.subject.in_(over), Task.owner.is_(None))
        for row in session.scalars(mine.where(Task.done_at.is_(None))).all():
            close(session, now, row, JOB)
        return sum(ensure(session, now, new) for new in wanted)


def _subject(row: Booking) -> str:
    return f"booking:{row.id}:{row.slot_id}"


def _task(row: Booking, now: datetime) -> New:
    due = min(now + SOON, row.starts_at)
    return New(CLOSED_DAY, _subject(row), due, f"+91{row.mobile}", row.language, row.conversation_id)
