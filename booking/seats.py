"""The rows behind slots: making them, counting free seats."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.areas import places
from booking.calendar import calendar
from booking.rules import VisitRules
from booking.zone import ZONE, local_day, utc
from models.slots import SeatClaim, Slot

_SLOT = select(Slot).where(
    Slot.city_id == bindparam("city_id"), Slot.area == bindparam("area"), Slot.starts_at == bindparam("starts_at")
)


def ensure_slots(session: Session, now: datetime, rules: VisitRules) -> int:
    """Add the missing slot rows of all places for the days that can be booked; returns how many. Existing rows stay.

    A city with areas has slots in each of them and none of its own.
    """
    today = local_day(now)
    since = utc(datetime.combine(today, time(0), ZONE))
    rows = session.execute(select(Slot.city_id, Slot.area, Slot.starts_at).where(Slot.starts_at >= since))
    known = {(c, a, s) for c, a, s in rows}
    missing = []
    for city, area in places(session):
        cal = calendar(session, rules, city, area)
        days = (today + timedelta(days=n) for n in range(rules.ahead_days + 1))
        starts = (utc(s) for day in days for s in cal.starts(day))
        missing += [_row(city, area, s) for s in starts if (city, area, s) not in known]
    _insert(session, missing)
    return len(missing)


def slot_at(session: Session, city: str, start: datetime, area: str = "") -> Slot:
    """The row of the slot, made when it is missing; `area` is one of a city that has areas."""
    this = _row(city, area, utc(start))
    slot = session.scalars(_SLOT, this).one_or_none()
    if slot is None:
        _insert(session, [this])
        slot = session.scalars(_SLOT, this).one()
    return slot


def _row(city: str, area: str, start: datetime) -> dict[str, object]:
    return {"city_id": city, "area": area, "starts_at": start}


def _insert(session: Session, rows: list[dict[str, object]]) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if rows:  # another process may be adding the same rows
        session.execute(insert(Slot).on_conflict_do_nothing(), rows)


def claimed(
    session: Session, now: datetime, place: tuple[str, str], starts: list[datetime], conversation: str | None
) -> dict[datetime, tuple[int | None, int]]:
    """By start (UTC) of those slots that have a row: its own number of seats, if any, and how many are taken.

    `place` is city and area. Expired holds and the hold of `conversation` do not count.
    """
    city, area = place
    taken = or_(SeatClaim.booking_id.is_not(None), SeatClaim.expires_at > now)
    if conversation is not None:
        taken = taken & (SeatClaim.conversation_id.is_distinct_from(conversation))
    counts = (
        select(Slot.starts_at, Slot.seats, func.count(SeatClaim.id))
        .outerjoin(SeatClaim, (SeatClaim.slot_id == Slot.id) & taken)
        .where(Slot.city_id == city, Slot.area == area, Slot.starts_at >= starts[0], Slot.starts_at <= starts[-1])
        .group_by(Slot.id)
    )
    return {start: (seats, number) for start, seats, number in session.execute(counts)}
