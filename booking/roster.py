"""Who could visit: the executives of a city on one day, with what they have to do already. No row is changed here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.zone import ZONE, local_day, utc
from models.executives import Absence, Executive, Visit

# Visits that count as work of their day: those called off, and those the executive did not come to, do not.
COUNTED = ("planned", "done", "citizen_absent")


@dataclass
class Roster:
    """The executives of a city who work on `day` (local), their visits that day and that week (Monday to Sunday), and
    the moments (UTC) at which they are with a citizen."""

    day: date
    executives: list[Executive]
    today: Counter[str] = field(default_factory=Counter)
    week: Counter[str] = field(default_factory=Counter)
    busy: set[tuple[str, datetime]] = field(default_factory=set)

    def candidates(self, area: str, start: datetime) -> list[Executive]:
        """Who can come to `area` at `start`: fewest visits that day first, then that week, then by id."""
        able = [e for e in self.executives if self.why_not(e, area, start) is None]
        return sorted(able, key=lambda e: (self.today[e.id], self.week[e.id], e.id))

    def why_not(self, executive: Executive, area: str, start: datetime) -> str | None:
        """Why `executive` cannot come to `area` at `start`; None when nothing speaks against it."""
        if executive not in self.executives:
            return "does not work in this city on that day"
        if not serves(executive, area):
            return f"belongs to the area {executive.area}"
        if self.today[executive.id] >= executive.capacity:
            return f"has {self.today[executive.id]} visits that day already"
        return "has another visit at that time" if (executive.id, utc(start)) in self.busy else None

    def note(self, executive: str, start: datetime) -> None:
        """Count a visit that has just been planned."""
        self.today[executive] += 1
        self.week[executive] += 1
        self.busy.add((executive, utc(start)))


def roster(session: Session, city: str, day: date) -> Roster:
    """The roster of `city` on `day`."""
    absent = select(Absence.executive_id).where(Absence.day == day)
    found = select(Executive).where(Executive.city_id == city, Executive.id.not_in(absent)).order_by(Executive.id)
    team = session.scalars(found.execution_options(populate_existing=True))
    made = Roster(day, [e for e in team if works(e, day)])
    for executive, state, start in _visits(session, [e.id for e in made.executives], day):
        made.week[executive] += 1
        if local_day(start) == day:
            made.today[executive] += 1
            if state == "planned":
                made.busy.add((executive, start))
    return made


def serves(executive: Executive, area: str) -> bool:
    """Whether `executive` goes to `area`. Bookings without one, made before their city had areas, are everybody's."""
    return executive.area in ("", area) or not area


def works(executive: Executive, day: date) -> bool:
    """Whether `day` is a working day of `executive`, absences aside."""
    return (
        day.weekday() in executive.weekdays
        and (executive.since is None or executive.since <= day)
        and (executive.until is None or day <= executive.until)
    )


def day_bounds(day: date, days: int = 1) -> tuple[datetime, datetime]:
    """The local `day` (and those after it, `days` in all) as moments: from the first to before the second."""
    begin = datetime.combine(day, time(0), ZONE)
    return utc(begin), utc(datetime.combine(day + timedelta(days=days), time(0), ZONE))


def _visits(session: Session, executives: list[str], day: date) -> list[tuple[str, str, datetime]]:
    """Executive, state and start of the counted visits in the week of `day`."""
    first, end = day_bounds(day - timedelta(days=day.weekday()), 7)
    rows = session.execute(
        select(Visit.executive_id, Visit.state, Visit.starts_at).where(
            Visit.executive_id.in_(executives),
            Visit.starts_at >= first,
            Visit.starts_at < end,
            Visit.state.in_(COUNTED),
        )
    )
    return [(executive, state, start) for executive, state, start in rows]
