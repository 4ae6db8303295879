"""The departments' calendar: on which days offices work. (Visits have their own, `booking/calendar.py`.)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.opening import Closure

# Saturday and Sunday: the state's offices work five days a week since 2 February 2022.
WEEKEND = frozenset({5, 6})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Rows:
    """The closures of the departments' calendar, as days and as MM-DD; lifted ones reopen a holiday."""

    closed: frozenset[date | str]
    lifted: frozenset[date | str]

    def working(self, day: date) -> bool:
        keys = {day, day.strftime("%m-%d")}
        if keys & self.closed:
            return False
        return bool(keys & self.lifted) or (day.weekday() not in WEEKEND and day not in _holidays(day.year))


def is_working(session: Session, day: date) -> bool:
    """Whether offices work on the local `day`: no weekend, no public or state holiday, no closure (an administrator's
    lifted closure makes any day a working day)."""
    return _rows(session).working(day)


def add_working_days(session: Session, day: date, n: int) -> date:
    """The `n`-th working day after `day` (which does not count itself); `n` 0 is `day`. Raises ValueError below 0."""
    if n < 0:
        raise ValueError(f"{n} working days: a time limit lies ahead.")
    rows = _rows(session)
    while n:
        day += ONE_DAY
        n -= rows.working(day)
    return day


def _rows(session: Session) -> _Rows:
    """Closures of all offices; one city's are left out, as the offices that decide serve the whole state."""
    wanted = select(Closure).where(Closure.calendar == "departments", Closure.city_id.is_(None))
    keys: dict[bool, set[date | str]] = {False: set(), True: set()}
    for row in session.scalars(wanted):
        keys[row.lifted].add(row.day or row.yearly or "")
    return _Rows(frozenset(keys[False]), frozenset(keys[True]))


@cache
def _holidays(year: int) -> frozenset[date]:
    """Chhattisgarh's holidays of a year. Those that follow the moon are estimates until the state notifies them, and
    known to the package until 2035: what the state decides otherwise is a closure."""
    return frozenset(holidays.country_holidays("IN", subdiv="CG", years=year, categories=("public", "government")))
