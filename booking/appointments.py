"""The planned visit of a booking, and calling it off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import Actor
from models.bookings import Booking, BookingEvent
from models.executives import Visit


def planned(session: Session, booking: Booking) -> Visit | None:
    """The appointment that is still to come (locked, so that only one can end it); None when nobody is assigned."""
    this = select(Visit).where(Visit.booking_id == booking.id, Visit.state == "planned")
    return session.scalars(this.with_for_update().execution_options(populate_existing=True)).one_or_none()


def drop_planned(session: Session, now: datetime, booking: Booking, actor: Actor, why: str) -> Visit | None:
    """Call off the planned visit of `booking` with an event; returns it, None when there was none.

    The booking then has no executive, or the one who came last. Its stage and version are the caller's affair, which
    changes the booking in the same transaction.
    """
    visit = planned(session, booking)
    if visit is None:
        return None
    visit.state, visit.ended_at = "dropped", now
    session.flush()
    booking.executive_id = came_last(session, booking)
    session.add(
        BookingEvent(
            booking_id=booking.id,
            at=now,
            who=str(actor),
            what="visit_dropped",
            from_stage=booking.stage,
            to_stage=booking.stage,
            why=why,
            data={"visit": visit.id, "executive": visit.executive_id, "starts_at": visit.starts_at.isoformat()},
        )
    )
    session.flush()
    return visit


def came_last(session: Session, booking: Booking) -> str | None:
    """The executive of the last visit that took place; None before the first."""
    done = select(Visit.executive_id).where(Visit.booking_id == booking.id, Visit.state == "done")
    return session.scalars(done.order_by(Visit.starts_at.desc(), Visit.id.desc()).limit(1)).first()
