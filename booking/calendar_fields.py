"""Checks of what is typed into the calendar: days, places, hours, reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from booking.calendar_refusals import CalendarError
from booking.zone import local_day
from models.areas import Area
from models.catalogue import CityRow

LONGEST_REASON = 100  # characters
FURTHEST = timedelta(days=731)
MOST_SEATS = 100
WEEKDAYS = range(7)


@dataclass(frozen=True)
class When:
    """A weekday of every week (0 Monday … 6 Sunday), or one local day; one of them is given."""

    weekday: int | None = None
    day: date | None = None


def check_day(now: datetime, day: date | None) -> date:
    """A day from today on, for the next two years. Raises CalendarError."""
    today = local_day(now)
    if day is None:
        raise CalendarError("day_missing", "day")
    if day < today:
        raise CalendarError("day_past", "day")
    if day > today + FURTHEST:
        raise CalendarError("day_far", "day")
    return day


def check_when(now: datetime, when: When) -> None:
    """Raises CalendarError."""
    if when.weekday is None:
        check_day(now, when.day)
    elif when.weekday not in WEEKDAYS or when.day is not None:
        raise CalendarError("day_missing", "day")


def check_place(session: Session, city: str, area: str = "") -> None:
    """A covered city, an area of it; "" for everywhere and for the whole city. Raises CalendarError."""
    if city and session.get(CityRow, city) is None:
        raise CalendarError("city_unknown", "city")
    found = session.get(Area, area) if area else None
    if area and (found is None or found.city_id != city):
        raise CalendarError("area_unknown", "area")


def check_reason(text: str, needed: bool = False) -> str:
    """One line. Raises CalendarError."""
    reason = " ".join(text.split())
    if len(reason) > LONGEST_REASON:
        raise CalendarError("reason_long", "reason")
    if needed and not reason:
        raise CalendarError("reason_missing", "reason")
    return reason


def check_hours(first: int | None, last: int | None, field: str) -> None:
    """Both or none, 0-24. Raises CalendarError."""
    if (first is None) != (last is None):
        raise CalendarError("hours_both", field)
    if first is not None and last is not None and not 0 <= first <= last <= 24:
        raise CalendarError("hours_order", field)


def key(when: When) -> str:
    """As it stands in the audit trail."""
    return f"weekday:{when.weekday}" if when.day is None else when.day.isoformat()
