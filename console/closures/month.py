"""A month as weeks of days, with what is closed, what has its own hours, and how many visits are ahead."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.roster import day_bounds
from booking.stages import APPOINTED
from booking.zone import local_day
from models.bookings import Booking
from models.opening import Closure, DayRule
from models.slots import Slot


@dataclass(frozen=True)
class Day:
    """A local day of the month that is shown (or beside it): closures and rules of that date, visits ahead."""

    date: date
    beside: bool
    closed: Sequence[Closure]
    rules: Sequence[DayRule]
    visits: int


@dataclass(frozen=True)
class Shown:
    """What is shown: a month, of a city or "" of all."""

    year: int
    month: int
    city: str = ""

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    def other(self, by: int) -> str:
        """An earlier or later month as the address has it."""
        months = self.year * 12 + self.month - 1 + by
        return f"{months // 12:04}-{months % 12 + 1:02}"


def shown_of(text: str, today: date, city: str) -> Shown:
    """The month `text` (YYYY-MM); what is none, or lies far away, is the present one."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    if abs(first.year - today.year) > 5:
        first = today
    return Shown(first.year, first.month, city)


def weeks(session: Session, now: datetime, shown: Shown, closures: Sequence[Closure]) -> list[list[Day]]:
    """The weeks of a month, Monday first. `closures` are those that are not lifted."""
    days = Weeks().monthdatescalendar(shown.year, shown.month)
    mine = [c for c in closures if not shown.city or c.city_id in (None, shown.city)]
    own = [r for r in session.scalars(select(DayRule).where(DayRule.day.is_not(None))) if _of(r, shown.city)]
    visits = _visits(session, now, days[0][0], days[-1][-1], shown.city)

    def day(at: date) -> Day:
        closed = [c for c in mine if c.day == at or c.yearly == f"{at:%m-%d}"]
        return Day(at, at.month != shown.month, closed, [r for r in own if r.day == at], visits[at])

    return [[day(at) for at in week] for week in days]


def _of(row: DayRule, city: str) -> bool:
    return not city or row.city_id in ("", city)


def _visits(session: Session, now: datetime, first: date, last: date, city: str) -> Counter[date]:
    rows = select(Slot.starts_at, func.count(Booking.id)).join(Booking, Booking.slot_id == Slot.id)
    rows = rows.where(Booking.stage.in_(APPOINTED), Slot.starts_at > now)
    rows = rows.where(Slot.starts_at >= day_bounds(first)[0], Slot.starts_at < day_bounds(last)[1])
    rows = rows.where(Slot.city_id == city) if city else rows
    found: Counter[date] = Counter()
    for start, number in session.execute(rows.group_by(Slot.starts_at)):
        found[local_day(start)] += number
    return found
