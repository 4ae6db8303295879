"""Where a booking stands, for whoever asks: everything that is told, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings import find_by_number
from booking.changes import fees_paid
from booking.errors import NotFound
from booking.moving import deadline, is_late
from booking.phone import mobile as mobile_digits
from booking.rules import VisitRules
from booking.stages import ACTIVE, APPOINTED, NEXT, allowed
from booking.zone import local, local_day
from models.bookings import Booking


@dataclass(frozen=True)
class Fee:
    """Rupees: the department's (None: not known), the visit's; whether both have been paid."""

    department: int | None
    visit: int
    paid: bool

    @property
    def total(self) -> int | None:
        """What is due altogether; None while the department's fee is not known."""
        return None if self.department is None else self.department + self.visit


@dataclass(frozen=True)
class Who:
    """The executive who comes: the number on the identity card and the name. The mobile is not told: the citizen asks
    the call centre."""

    id: str
    hi: str
    en: str


@dataclass(frozen=True)
class Status:
    """Where a booking stands. Times are aware, Asia/Kolkata; days local.

    `next` is the stage that comes next in the ordinary course (None: none). `starts_at`…`ends_at` is the slot, in which
    the executive arrives; `appointed` says whether that visit is still to come or under way, `late` that it should be
    over and nothing is known of it. `due_on` is the day by which the certificate must be ready (None before it is
    submitted), `overdue` whether it has passed without. `movable` and `cancellable` are for the citizen, and good until
    `change_until` (None: no limit).
    """

    number: str
    service: str
    city: str
    area: str
    stage: str
    next: str | None
    starts_at: datetime
    ends_at: datetime
    appointed: bool
    late: bool
    executive: Who | None
    fee: Fee
    due_on: date | None
    overdue: bool
    missing: tuple[str, ...]
    reason: str
    movable: bool
    cancellable: bool
    change_until: datetime | None
    version: int
    updated_at: datetime


def status(session: Session, now: datetime, rules: VisitRules, booking: Booking) -> Status:
    """The status of `booking` (of this session) at `now`."""
    return statuses(session, now, rules, [booking])[0]


def statuses(session: Session, now: datetime, rules: VisitRules, bookings: Sequence[Booking]) -> list[Status]:
    """The status of each of `bookings` (of this session) at `now`, with one question to the store for all of them."""
    paid = fees_paid(session, bookings)
    return [_status(now, rules, booking, booking.id in paid) for booking in bookings]


def by_number(session: Session, number: str) -> Booking:
    """The booking with this number (digits); raises NotFound, also for a number whose check digit is wrong."""
    found = find_by_number(session, number)
    if found is None:
        raise NotFound(f"booking {number[:8]}")
    return found


def by_mobile(session: Session, mobile: str, limit: int = 20) -> list[Booking]:
    """The bookings made for a mobile number in any spelling, newest first; at most `limit`."""
    digits = mobile_digits(mobile) or ""
    found = select(Booking).where(Booking.mobile == digits).order_by(Booking.created_at.desc(), Booking.id.desc())
    return list(session.scalars(found.limit(limit)))


def slot_times(rules: VisitRules, booking: Booking) -> tuple[datetime, datetime]:
    """Start and end of the booking's slot, local: the window in which the executive arrives."""
    start = local(booking.starts_at)
    return start, start + timedelta(minutes=rules.slot_min)


def _status(now: datetime, rules: VisitRules, booking: Booking, paid: bool) -> Status:
    stage, too_late = booking.stage, is_late(now, rules, booking)
    start, end = slot_times(rules, booking)
    return Status(
        number=booking.number,
        service=booking.service_id,
        city=booking.city_id,
        area=booking.slot.area,
        stage=stage,
        next=NEXT[stage],
        starts_at=start,
        ends_at=end,
        appointed=stage in APPOINTED and now < end,
        late=stage in APPOINTED and now >= end,
        executive=_who(booking),
        fee=Fee(booking.fee, booking.visit_fee, paid),
        due_on=booking.due_on,
        overdue=_overdue(now, booking),
        missing=tuple(booking.missing),
        reason=booking.reason,
        movable=allowed(stage, "booked", "caller") and not too_late,
        cancellable=allowed(stage, "cancelled", "caller") and not too_late,
        change_until=deadline(rules, booking) if stage in APPOINTED else None,
        version=booking.version,
        updated_at=local(booking.updated_at),
    )


def _who(booking: Booking) -> Who | None:
    """The executive while a visit by one is planned."""
    if booking.stage != "assigned" or booking.executive is None:
        return None
    return Who(booking.executive.id, booking.executive.hi, booking.executive.en)


def _overdue(now: datetime, booking: Booking) -> bool:
    waiting = booking.stage in ACTIVE - {"certificate_ready", "out_for_delivery"}
    return waiting and booking.due_on is not None and local_day(now) > booking.due_on
