"""Who could visit: the executives of a city on one day, with what they have to do already. No row is changed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from booking.zone import ZONE, utc
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
    return rosters(session, [city], [day])[city, day]


def rosters(session: Session, cities: Collection[str], days: Collection[date]) -> dict[tuple[str, date], Roster]:
    """The rosters of these cities on these days."""
    absent = set(session.execute(select(Absence.executive_id, Absence.day).where(Absence.day.in_(days))))
    here = select(Executive).where(Executive.city_id.in_(cities)).order_by(Executive.id)
    made = {(city, day): Roster(day, []) for city in cities for day in days}
    for executive in session.scalars(here.execution_options(populate_existing=True)):
        for day in days:
            if works(executive, day) and (executive.id, day) not in absent:
                made[executive.city_id, day].executives.append(executive)
    for day in days:
        team = {e.id: made[city, day] for city in cities for e in made[city, day].executives}
        for executive_id, number in _week(session, cities, day):
            if executive_id in team:
                team[executive_id].week[executive_id] = number
        for executive_id, state, start in _visits(session, cities, day):
            if executive_id in team:
                team[executive_id].today[executive_id] += 1
                if state == "planned":
                    team[executive_id].busy.add((executive_id, start))
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


def _visits(session: Session, cities: Collection[str], day: date) -> Sequence[tuple[str, str, datetime]]:
    """Executive, state and start of the counted visits of `day`."""
    found = select(Visit.executive_id, Visit.state, Visit.starts_at)
    return session.execute(found.where(*_counted(cities, *day_bounds(day)))).all()


def _week(session: Session, cities: Collection[str], day: date) -> Sequence[tuple[str, int]]:
    """Executives and the number of their counted visits in the week of `day`."""
    found = select(Visit.executive_id, func.count()).group_by(Visit.executive_id)
    week = day_bounds(day - timedelta(days=day.weekday()), 7)
    return session.execute(found.where(*_counted(cities, *week))).all()


def _counted(cities: Collection[str], begin: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    here = Visit.executive_id.in_(select(Executive.id).where(Executive.city_id.in_(cities)))
    return here, Visit.starts_at >= begin, Visit.starts_at < end, Visit.state.in_(COUNTED)
