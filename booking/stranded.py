"""Bookings that stand where nobody visits any more: on a day that was closed, or outside of hours that were changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.calendar import Calendar, calendar
from booking.roster import day_bounds
from booking.rules import VisitRules
from booking.stages import APPOINTED
from booking.zone import local, local_day
from models.bookings import Booking
from models.slots import Slot


@dataclass(frozen=True)
class Stretch:
    """Local days from `first` to `last` in a city; "": everywhere."""

    city: str
    first: date
    last: date


@dataclass(frozen=True)
class Overfull:
    """A slot (aware, Asia/Kolkata) with more visits `booked` than it has `seats` now; `numbers` of these bookings."""

    city: str
    area: str
    starts_at: datetime
    seats: int
    numbers: tuple[str, ...]


def ahead(now: datetime, rules: VisitRules, city: str = "") -> Stretch:
    """All days that can be booked."""
    return Stretch(city, local_day(now), local_day(now) + timedelta(days=rules.ahead_days))


def stranded(session: Session, now: datetime, rules: VisitRules, where: Stretch | None = None) -> list[Booking]:
    """The bookings whose visit is ahead and cannot take place, in time order; None: of all places and days."""
    lost = [slot.id for slot, opening in _booked_slots(session, now, rules, where) if not opening.has(slot.starts_at)]
    rows = select(Booking).join(Slot, Slot.id == Booking.slot_id).where(Booking.stage.in_(APPOINTED))
    found: list[Booking] = []
    for at in range(0, len(lost), 500):  # a statement takes so many values on every store
        some = rows.where(Booking.slot_id.in_(lost[at : at + 500]))
        found += session.scalars(some.execution_options(populate_existing=True))
    return sorted(found, key=lambda b: (b.starts_at, b.id))


def is_stranded(session: Session, now: datetime, rules: VisitRules, booking: Booking) -> bool:
    """Whether this one's visit is ahead and cannot take place."""
    if booking.stage not in APPOINTED or booking.starts_at <= now:
        return False
    return not calendar(session, rules, booking.city_id, booking.slot.area).has(local(booking.starts_at))


def overfull(session: Session, now: datetime, rules: VisitRules) -> list[Overfull]:
    """The slots ahead in which more is booked than there are seats, in time order. Their bookings stay as they are."""
    full = []
    for slot, opening in _booked_slots(session, now, rules, None):
        usual = opening.on(slot.starts_at.date()).seats
        seats = usual if slot.seats is None else slot.seats
        if slot.booked > seats and opening.has(slot.starts_at):
            full.append(Overfull(slot.city_id, slot.area, slot.starts_at, seats, _numbers(session, slot.id)))
    return full


def _numbers(session: Session, slot: int) -> tuple[str, ...]:
    rows = select(Booking.number).where(Booking.slot_id == slot, Booking.stage.in_(APPOINTED)).order_by(Booking.id)
    return tuple(session.scalars(rows))


@dataclass(frozen=True)
class _Booked:
    """A slot in which so many visits are `booked`; `starts_at` local."""

    id: int
    city_id: str
    area: str
    starts_at: datetime
    seats: int | None
    booked: int


def _booked_slots(
    session: Session, now: datetime, rules: VisitRules, where: Stretch | None
) -> Iterator[tuple[_Booked, Calendar]]:
    """The slots ahead with visits in them, in time order, each with the calendar of its place."""
    columns = (Slot.id, Slot.city_id, Slot.area, Slot.starts_at, Slot.seats)
    rows = select(*columns, func.count(Booking.id)).join(Booking, Booking.slot_id == Slot.id)
    rows = rows.where(Slot.starts_at > now, Booking.stage.in_(APPOINTED)).group_by(*columns)
    if where:
        begin, end = day_bounds(where.first)[0], day_bounds(where.last)[1]
        rows = rows.where(Slot.starts_at >= begin, Slot.starts_at < end)
        rows = rows.where(Slot.city_id == where.city) if where.city else rows
    known: dict[tuple[str, str], Calendar] = {}
    for id, city, area, start, seats, booked in session.execute(rows.order_by(Slot.starts_at, Slot.id)).all():
        if (city, area) not in known:
            known[city, area] = calendar(session, rules, city, area)
        yield _Booked(id, city, area, local(start), seats, booked), known[city, area]
