"""Hours and seats of a weekday or a day: setting them, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit import Deed
from booking.calendar_fields import MOST_SEATS, When, check_hours, check_place, check_reason, check_when, key
from booking.calendar_refusals import CalendarError, ChangedMeanwhile
from booking.rules import VisitRules
from booking.stranded import Stretch, ahead
from models.opening import DayRule


@dataclass(frozen=True)
class SetDay:
    """Hours (`hours` from 0 to 24; equal ones: nobody visits) and seats of a weekday or day in a city ("": everywhere)
    or its area; None keeps what holds otherwise. `version` is that of the row on the screen, 0: there was none."""

    city: str
    area: str
    when: When
    hours: tuple[int | None, int | None]
    seats: int | None
    reason: str = ""
    version: int = 0

    def make(self, session: Session, now: datetime) -> Deed:
        """Carry it out. Raises CalendarError, ChangedMeanwhile."""
        check_when(now, self.when)
        check_place(session, self.city, self.area)
        check_hours(*self.hours, "first_slot_h")
        if self.seats is not None and not 0 <= self.seats <= MOST_SEATS:
            raise CalendarError("seats_range", "seats")
        if self.hours == (None, None) and self.seats is None:
            raise CalendarError("nothing_set", "seats")
        place = {"city_id": self.city, "area": self.area, "weekday": self.when.weekday, "day": self.when.day}
        row = session.scalars(select(DayRule).filter_by(**place)).one_or_none()
        if (row.version if row else 0) != self.version:
            raise ChangedMeanwhile
        before, row = plain(row) if row else None, row or DayRule(**place, version=0)
        row.first_slot_h, row.last_end_h = self.hours
        row.seats, row.reason, row.version = self.seats, check_reason(self.reason), row.version + 1
        session.add(row)
        session.flush()
        return Deed("calendar.day_set", _subject(row), before, plain(row))

    def where(self, now: datetime, rules: VisitRules) -> Stretch | None:
        """Which days it touches."""
        return _touched(self.when, self.city, now, rules)


@dataclass(frozen=True)
class DropDay:
    """Take the rule `id` back, as it was on the screen."""

    id: int
    version: int

    def make(self, session: Session, now: datetime) -> Deed:
        """Carry it out. Raises ChangedMeanwhile."""
        row = session.get(DayRule, self.id)
        if row is None or row.version != self.version:
            raise ChangedMeanwhile
        session.delete(row)
        session.flush()
        return Deed("calendar.day_dropped", _subject(row), before=plain(row))

    def where(self, now: datetime, rules: VisitRules) -> Stretch | None:
        """Which days it may touch: the hours that hold otherwise may be shorter."""
        return ahead(now, rules)


def day_rules(session: Session) -> list[DayRule]:
    """All rules: of weekdays, then of days; everywhere first."""
    order = (DayRule.day, DayRule.weekday, DayRule.city_id, DayRule.area)
    rows = session.scalars(select(DayRule).order_by(*order)).all()
    return sorted(rows, key=lambda row: row.day is not None)


def plain(row: DayRule) -> dict[str, Any]:
    """As it stands in the audit trail."""
    hours = None if row.first_slot_h is None else [row.first_slot_h, row.last_end_h]
    when = key(When(row.weekday, row.day))
    return {"on": when, "city": row.city_id, "area": row.area, "hours": hours, "seats": row.seats, "reason": row.reason}


def _subject(row: DayRule) -> str:
    return f"day_rule:{row.id}"


def _touched(when: When, city: str, now: datetime, rules: VisitRules) -> Stretch:
    return Stretch(city, when.day, when.day) if when.day else ahead(now, rules, city)
