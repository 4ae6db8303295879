"""Which start times a city has on a day, and why a time cannot be booked. Local days and hours throughout."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from booking.errors import Why
from booking.rules import VisitRules
from booking.zone import ZONE, local, local_day
from models.areas import Area
from models.opening import CityHours, Closure


@dataclass(frozen=True)
class Calendar:
    """The opening of one city or area: its rules (own hours and seats worked in) and its closed days."""

    rules: VisitRules
    closures: tuple[Closure, ...]

    def closed(self, day: date) -> bool:
        """Whether nobody visits on `day`. A lifted closure reopens a day that the general rules close."""
        yearly = day.strftime("%m-%d")
        rows = [c for c in self.closures if c.day == day or c.yearly == yearly]
        if any(not c.lifted for c in rows):
            return True
        return yearly in self.rules.closed and not rows

    def starts(self, day: date) -> list[datetime]:
        """All start times on `day`, aware local; none on a closed day."""
        if self.closed(day):
            return []
        begin = datetime.combine(day, time(0), ZONE)
        return [begin + timedelta(minutes=m) for m in self._minutes]

    def has(self, start: datetime) -> bool:
        """Whether `start` (aware, local) is one of the start times of its day."""
        whole = start.second == start.microsecond == 0
        return whole and start.hour * 60 + start.minute in self._minutes and not self.closed(start.date())

    @property
    def _minutes(self) -> range:
        """Of the day, local: when visits start."""
        rules = self.rules
        return range(rules.first_slot_h * 60, rules.last_end_h * 60 - rules.slot_min + 1, rules.slot_min)

    def bookable(self, now: datetime, day: date) -> list[datetime]:
        """Start times on `day` that leave the notice and lie within the days ahead."""
        if day > self.last_day(now):
            return []
        starts, earliest = self.starts(day), self.earliest(now)
        return [s for s in starts if s >= earliest]

    def earliest(self, now: datetime) -> datetime:
        """The earliest moment a visit may start."""
        return local(now) + timedelta(hours=self.rules.notice_h)

    def last_day(self, now: datetime) -> date:
        """The last day that can be booked."""
        return local_day(now) + timedelta(days=self.rules.ahead_days)

    def why_closed(self, now: datetime, day: date) -> Why | None:
        """Why no slot of `day` can be booked however many seats are free; None when one can."""
        if day < local_day(now):
            return "past"
        if day > self.last_day(now):
            return "too_far"
        if not self.starts(day):
            return "closed"
        return None if self.bookable(now, day) else "too_soon"

    def why_not(self, now: datetime, start: datetime) -> Why | None:
        """Why the time `start` cannot be booked; None when it can."""
        start = local(start)
        day = start.date()
        if not local_day(now) <= day <= self.last_day(now):
            return "past" if day < local_day(now) else "too_far"
        if not self.has(start):
            return "hours" if self.starts(day) else "closed"
        if start <= local(now):
            return "past"
        return None if start >= self.earliest(now) else "too_soon"


_OWN = ("first_slot_h", "last_end_h", "seats")
_CLOSURES = select(Closure).where(
    or_(Closure.city_id.is_(None), Closure.city_id == bindparam("city")), Closure.calendar == "visits"
)


def calendar(session: Session, rules: VisitRules, city: str, area: str = "") -> Calendar:
    """The calendar of `city`, or of its area `area`, whose own hours and seats win over the city's."""
    rules = worked_in(rules, session.get(CityHours, city))
    if area:
        rules = worked_in(rules, session.get(Area, area))
    return Calendar(rules, tuple(session.scalars(_CLOSURES, {"city": city})))


def worked_in(rules: VisitRules, own: Any) -> VisitRules:
    """`rules` with the hours and seats of a city's or area's own (a row of theirs, or one with their columns)."""
    values = {name: value for name in _OWN if (value := getattr(own, name, None)) is not None}
    return replace(rules, **values) if values else rules
