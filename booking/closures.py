"""Closed days: adding one, and lifting it. Rows are never deleted, so that nothing closes a lifted day again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.audit import Deed
from booking.calendar_fields import check_day, check_place, check_reason
from booking.calendar_refusals import CalendarError, ChangedMeanwhile
from booking.rules import VisitRules
from booking.stranded import Stretch, ahead
from models.opening import Closure

CALENDARS = ("visits", "departments")


@dataclass(frozen=True)
class CloseDay:
    """Close `day`, or its date of every year: visits in a city ("": everywhere), or the departments' offices."""

    day: date | None
    every_year: bool
    city: str
    calendar: str
    reason: str

    def make(self, session: Session, now: datetime) -> Deed:
        """Carry it out. Raises CalendarError."""
        day = check_day(now, self.day)
        check_place(session, self.city)
        if self.calendar not in CALENDARS:
            raise CalendarError("calendar_unknown", "calendar")
        if self.calendar == "departments" and self.city:
            raise CalendarError("departments_city", "city")
        values: dict[str, Any] = {"city_id": self.city or None, "calendar": self.calendar}
        values |= {"day": None, "yearly": f"{day:%m-%d}"} if self.every_year else {"day": day, "yearly": None}
        row = session.scalars(select(Closure).filter_by(**values).order_by(Closure.lifted)).first()
        if row is not None and not row.lifted:
            raise CalendarError("closed_already", "day")
        row = row or Closure(**values)
        row.lifted, row.reason = False, check_reason(self.reason, needed=True)
        session.add(row)
        session.flush()
        return Deed("calendar.closed", f"closure:{row.id}", after=plain(row))

    def where(self, now: datetime, rules: VisitRules) -> Stretch | None:
        """Which days it touches; None: no visits."""
        if self.calendar != "visits" or self.day is None:
            return None
        return ahead(now, rules, self.city) if self.every_year else Stretch(self.city, self.day, self.day)


@dataclass(frozen=True)
class LiftDay:
    """Open a closed day again."""

    id: str

    def make(self, session: Session, now: datetime) -> Deed:
        """Carry it out. Raises ChangedMeanwhile (it is lifted already, or there is none)."""
        this = update(Closure).where(Closure.id == self.id, Closure.lifted.is_(False)).values(lifted=True)
        done = this.returning(Closure.id).execution_options(synchronize_session=False)
        if session.scalar(done) is None:
            raise ChangedMeanwhile
        row = session.get_one(Closure, self.id)
        return Deed("calendar.lifted", f"closure:{row.id}", before={**plain(row), "lifted": False})

    def where(self, now: datetime, rules: VisitRules) -> Stretch | None:
        """It touches no booking."""
        return None


def closures(session: Session, calendar: str = "") -> list[Closure]:
    """All closures, also lifted ones: every year's, then single days; of one calendar, "": of both."""
    rows = select(Closure).where(Closure.calendar == calendar) if calendar else select(Closure)
    return sorted(session.scalars(rows), key=lambda c: (c.day is not None, str(c.day or c.yearly), c.city_id or ""))


def plain(row: Closure) -> dict[str, object]:
    """As it stands in the audit trail."""
    on = row.day.isoformat() if row.day else row.yearly
    return {"day": on, "city": row.city_id or "", "calendar": row.calendar, "reason": row.reason, "lifted": row.lifted}
