"""Tasks that come from visits: those that failed, those of which nobody has said how they went, and certificates that
should be ready. Each is made once for a booking's slot, or its due day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from booking.desk.making import New, ensure
from booking.rules import VisitRules
from booking.stages import ACTIVE
from booking.unreported import over
from booking.zone import local_day
from models.bookings import Booking
from models.slots import Slot
from models.store import Store
from models.tasks import Task

OF_VISITS = ("visit_failed", "unreported", "overdue")
FAILED = ("citizen_absent", "executive_absent")
BEFORE_READY = ACTIVE - {"certificate_ready", "out_for_delivery"}
SOON, BY_EVENING = timedelta(hours=2), timedelta(hours=8)


def gather_visits(store: Store, now: datetime, rules: VisitRules, kept_days: int) -> int:
    """Make the tasks that are missing; how many. It looks at all bookings: no writer waits for that.

    `kept_days` is for how long a task that is done is kept: an older visit may have had one that is forgotten.
    """
    since = now - timedelta(days=kept_days)
    with store.read() as session:
        found = [*_failed(session, now, since), *_unreported(session, now, since, rules)]
        found += _overdue(session, now, since)
    if not found:
        return 0
    with store.begin() as session:
        return sum(ensure(session, now, new) for new in found)


def _failed(session: Session, now: datetime, since: datetime) -> Iterator[New]:
    """Somebody was absent, or nobody could come: the citizen needs another time."""
    rows = select(Booking).join(Slot, Booking.slot_id == Slot.id).where(Booking.stage.in_(FAILED))
    for row in session.scalars(rows.where(Slot.starts_at > since, _without("visit_failed", Booking.slot_id))):
        yield _new("visit_failed", row, row.slot_id, now + SOON)


def _unreported(session: Session, now: datetime, since: datetime, rules: VisitRules) -> Iterator[New]:
    """The slot is over and nobody has said anything: whoever was to come is asked, else the citizen."""
    rows = select(Booking).join(Slot, Booking.slot_id == Slot.id).order_by(Slot.starts_at, Booking.id)
    rows = rows.where(over(now, rules), Slot.starts_at > since)
    for row in session.scalars(rows.where(_without("unreported", Booking.slot_id))):
        whom = row.executive.mobile if row.executive else row.mobile
        yield _new("unreported", row, row.slot_id, now + SOON, whom)


def _overdue(session: Session, now: datetime, since: datetime) -> Iterator[New]:
    """The day by which the certificate was to be ready is over: the office is asked, and the citizen told."""
    late = (Booking.due_on < local_day(now)) & (Booking.due_on >= local_day(since)) & Booking.stage.in_(BEFORE_READY)
    for row in session.scalars(select(Booking).where(late, _without("overdue", Booking.due_on))):
        yield _new("overdue", row, row.due_on, now + BY_EVENING)


def _new(kind: str, row: Booking, which: object, due: datetime, whom: str = "") -> New:
    subject, number = f"booking:{row.id}:{which}", f"+91{whom or row.mobile}"
    return New(kind, subject, due, number, row.language, row.conversation_id)


def _without(kind: str, which: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    subject = literal("booking:") + cast(Booking.id, String) + literal(":") + cast(which, String)
    return ~exists().where(Task.kind == kind, Task.subject == subject)
