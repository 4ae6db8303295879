"""Visits that should be over and of which nobody has said how they went: somebody asks, and none is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from booking.rules import VisitRules
from booking.stages import APPOINTED
from models.bookings import Booking
from models.slots import Slot


@dataclass(frozen=True)
class Report:
    """How many visits are over without a word: an executive was to come, or nobody was ever assigned."""

    unreported: int = 0
    unassigned: int = 0


def unreported(
    session: Session, now: datetime, rules: VisitRules, city: str | None = None, limit: int = 100
) -> list[Booking]:
    """The bookings (of `city`) whose slot is over while they still stand before the visit, the oldest first."""
    found = select(Booking).join(Slot, Booking.slot_id == Slot.id).where(over(now, rules))
    if city is not None:
        found = found.where(Booking.city_id == city)
    return list(session.scalars(found.order_by(Slot.starts_at, Booking.id).limit(limit)))


def count_unreported(session: Session, now: datetime, rules: VisitRules) -> Report:
    """How many there are."""
    counts = select(Booking.stage, func.count()).join(Slot, Booking.slot_id == Slot.id).where(over(now, rules))
    rows = session.execute(counts.group_by(Booking.stage)).all()
    coming, nobody = (sum(number for stage, number in rows if stage == name) for name in ("assigned", "booked"))
    return Report(coming, nobody)


def over(now: datetime, rules: VisitRules) -> ColumnElement[bool]:
    """That a booking's slot is over while it still stands before the visit."""
    return Booking.stage.in_(APPOINTED) & (Slot.starts_at <= now - timedelta(minutes=rules.slot_min))
