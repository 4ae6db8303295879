"""Tries to prove a mobile number by its last digits: few, and counted in the store, whoever tries and wherever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from booking.actors import Actor
from models.appeals import Appeal, AppealEvent
from models.bookings import Booking, BookingEvent
from models.complaints import Complaint, ComplaintEvent

TRIES = 3
LOCKED_FOR = timedelta(hours=1)  # 10,000 possible digits, three an hour: 139 days for all
WRONG = "proof_failed"

Proved = Booking | Complaint | Appeal
# The events of each kind of record, and the name of the record in them.
_EVENTS: Mapping[type[Proved], tuple[Any, str]] = {
    Booking: (BookingEvent, "booking_id"),
    Complaint: (ComplaintEvent, "complaint_id"),
    Appeal: (AppealEvent, "appeal_id"),
}


def locked_until(session: Session, now: datetime, record: Proved) -> datetime | None:
    """When the next try is allowed; None: now. Call it with the record locked (`versions.lock`), so that
    tries at once count too."""
    at = _EVENTS[type(record)][0].at
    recent = select(at).where(_wrong(record, now)).order_by(at.desc()).limit(TRIES)
    times: list[datetime] = list(session.scalars(recent))
    return times[-1] + LOCKED_FOR if len(times) == TRIES else None


def note_wrong(session: Session, now: datetime, record: Proved, actor: Actor) -> int:
    """Write down a wrong try; returns how many are left within the hour. The record itself does not change."""
    event, of = _EVENTS[type(record)]
    stage = {"from_stage": record.stage, "to_stage": record.stage}
    session.add(event(at=now, who=str(actor), what=WRONG, **stage, **{of: record.id}))
    session.flush()
    wrong: int = session.scalar(select(func.count()).select_from(event).where(_wrong(record, now))) or 0
    return max(TRIES - wrong, 0)


def _wrong(record: Proved, now: datetime) -> ColumnElement[bool]:
    """The wrong tries at `record` that still count."""
    event, of = _EVENTS[type(record)]
    return and_(getattr(event, of) == record.id, event.what == WRONG, event.at > now - LOCKED_FOR)
