"""Which start times a city has on a day, and why a time cannot be booked. Local days and hours throughout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from booking.errors import Why
from booking.rules import VisitRules
from booking.zone import ZONE, local, local_day
from models.areas import Area
from models.opening import CityHours, Closure, DayRule


@dataclass(frozen=True)
class Calendar:
    """The opening of one city or area: its rules (own hours and seats for all days worked in), its closed days, and the
    rules of single weekdays and days."""

    rules: VisitRules
    closures: tuple[Closure, ...]
    own_days: tuple[DayRule, ...] = ()

    def on(self, day: date) -> VisitRules:
        """The rules that hold on `day`."""
        return on_day(self.rules, self.own_days, day) if self.own_days else self.rules

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
        return [begin + timedelta(minutes=m) for m in _minutes(self.on(day))]

    def has(self, start: datetime) -> bool:
        """Whether `start` (aware, local) is one of the start times of its day."""
        whole, day = start.second == start.microsecond == 0, start.date()
        return whole and start.hour * 60 + start.minute in _minutes(self.on(day)) and not self.closed(day)

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


def _minutes(rules: VisitRules) -> range:
    """Of a day, local: when visits start."""
    return range(rules.first_slot_h * 60, rules.last_end_h * 60 - rules.slot_min + 1, rules.slot_min)


_OWN = ("first_slot_h", "last_end_h", "seats")
_CLOSURES = select(Closure).where(
    or_(Closure.city_id.is_(None), Closure.city_id == bindparam("city")), Closure.calendar == "visits"
)
_DAYS = select(DayRule).where(DayRule.city_id.in_(("", bindparam("city"))), DayRule.area.in_(("", bindparam("area"))))


def calendar(session: Session, rules: VisitRules, city: str, area: str = "") -> Calendar:
    """The calendar of `city`, or of its area `area`, whose own hours and seats win over the city's."""
    rules = worked_in(rules, session.get(CityHours, city))
    if area:
        rules = worked_in(rules, session.get(Area, area))
    own_days = session.scalars(_DAYS, {"city": city, "area": area})
    return Calendar(rules, tuple(session.scalars(_CLOSURES, {"city": city})), tuple(own_days))


def on_day(rules: VisitRules, own_days: Iterable[DayRule], day: date) -> VisitRules:
    """The rules of one place on `day`; `rules` are what the settings, the city and its area say for all days.

    What is said of that day wins over what is said of its weekday, and this over what is said of all days. Where two
    say something of the same time, an area wins over its city, and a city over everywhere. Hours and seats are looked
    at each by itself: a day's own seats leave its weekday's hours. A closure closes the day whatever stands here, and
    a slot's own number of seats wins over all of this.
    """
    fitting = [row for row in own_days if row.day == day or row.weekday == day.weekday()]
    for row in sorted(fitting, key=lambda r: (r.day is not None, r.area != "", r.city_id != "")):
        rules = worked_in(rules, row)
    return rules


def worked_in(rules: VisitRules, own: Any) -> VisitRules:
    """`rules` with the hours and seats of a city's or area's own (a row of theirs, or one with their columns)."""
    values = {name: value for name in _OWN if (value := getattr(own, name, None)) is not None}
    return replace(rules, **values) if values else rules
