"""All free slots of a span of days, for those who show a calendar; what fits a spoken wish is `booking.slots`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from booking.areas import check_place
from booking.calendar import calendar
from booking.rules import VisitRules
from booking.seats import claimed
from booking.slots import DAYPARTS
from booking.zone import local_day, utc


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last` (local, inclusive; None: all that can be booked) in a city, "" or one of its areas;
    a part of day, None: any."""

    city: str
    area: str = ""
    first: date | None = None
    last: date | None = None
    daypart: str | None = None


@dataclass(frozen=True)
class Room:
    """A slot with `seats` free ones; both times aware, Asia/Kolkata."""

    starts_at: datetime
    ends_at: datetime
    seats: int


def free_slots(session: Session, now: datetime, rules: VisitRules, span: Span) -> list[Room]:
    """The slots of `span` that can be booked at `now` and have room, in time order; reads only, in one query.

    Raises CityNotCovered, AreaUnknown, AreaNeeded.
    """
    check_place(session, span.city, span.area)
    opening = calendar(session, rules, span.city, span.area)
    first, last = max(span.first or date.min, local_day(now)), min(span.last or date.max, opening.last_day(now))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    hours = DAYPARTS[span.daypart] if span.daypart else range(24)
    starts = [s for day in days for s in opening.bookable(now, day) if s.hour in hours]
    if not starts:
        return []
    rows = claimed(session, now, (span.city, span.area), starts, None)
    length = timedelta(minutes=opening.rules.slot_min)
    found = []
    for start in starts:
        seats, taken = rows.get(utc(start), (None, 0))
        left = (opening.on(start.date()).seats if seats is None else seats) - taken
        if left > 0:
            found.append(Room(start, start + length, left))
    return found
