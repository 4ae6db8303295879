"""Tries to prove a mobile number by its last digits: few, and counted in the store, whoever tries and wherever."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.actors import Actor
from models.bookings import Booking, BookingEvent

TRIES = 3
LOCKED_FOR = timedelta(hours=1)  # 10,000 possible digits, three an hour: 139 days for all
WRONG = "proof_failed"


def locked_until(session: Session, now: datetime, booking: Booking) -> datetime | None:
    """When the next try is allowed; None: now. Call it with the booking locked, so that tries at
    once are counted too."""
    recent = select(BookingEvent.at).where(
        BookingEvent.booking_id == booking.id, BookingEvent.what == WRONG, BookingEvent.at > now - LOCKED_FOR
    )
    times = list(session.scalars(recent.order_by(BookingEvent.at.desc()).limit(TRIES)))
    return times[-1] + LOCKED_FOR if len(times) == TRIES else None


def note_wrong(session: Session, now: datetime, booking: Booking, actor: Actor) -> int:
    """Write down a wrong try; returns how many are left within the hour. The booking itself does not change."""
    session.add(
        BookingEvent(
            booking_id=booking.id,
            at=now,
            who=str(actor),
            what=WRONG,
            from_stage=booking.stage,
            to_stage=booking.stage,
        )
    )
    session.flush()
    since = (BookingEvent.booking_id == booking.id, BookingEvent.what == WRONG, BookingEvent.at > now - LOCKED_FOR)
    wrong: int = session.scalar(select(func.count()).where(*since)) or 0
    return max(TRIES - wrong, 0)
