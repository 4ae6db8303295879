"""The agents' hours, local: configured for all days, and by weekday and day in the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.zone import ZONE, local
from models.agent_days import AgentDay

ONE_DAY = timedelta(days=1)
FURTHEST = 60  # days ahead in which agents are looked for


@dataclass(frozen=True)
class AgentHours:
    """Agents answer from `open_h` to before `close_h` (0-24); past midnight when open_h is the later one. Equal hours
    mean round the clock. `own` are weekdays and days with other hours: a day wins over its weekday."""

    open_h: int = 8
    close_h: int = 20
    own: tuple[AgentDay, ...] = ()

    def on(self, day: date) -> tuple[int, int] | None:
        """The hours that begin on `day`; None: nobody answers."""
        fitting = [row for row in self.own if row.day == day or row.weekday == day.weekday()]
        row = max(fitting, key=lambda r: r.day is not None, default=None)
        if row is None:
            return self.open_h, self.close_h
        return None if row.open_h is None or row.close_h is None else (row.open_h, row.close_h)


def as_stored(session: Session, hours: AgentHours) -> AgentHours:
    """`hours` (those of the settings) with the days that have their own in the store."""
    return replace(hours, own=tuple(session.scalars(select(AgentDay))))


def agents_open(now: datetime, hours: AgentHours) -> bool:
    """Whether a human agent can be reached at `now`."""
    today = local(now).date()
    return any(begin <= now < end for begin, end in _spans(hours, today - ONE_DAY, 2))


def next_open(now: datetime, hours: AgentHours) -> datetime:
    """`now` when agents are there, else the moment they come next; aware, Asia/Kolkata.

    When nobody comes for two months, it is their usual hour of tomorrow.
    """
    if agents_open(now, hours):
        return local(now)
    today = local(now).date()
    usual = _at(today + ONE_DAY, hours.open_h)
    return next((begin for begin, _ in _spans(hours, today, FURTHEST) if begin > now), usual)


def _spans(hours: AgentHours, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
    """When agents answer: what begins on each of `days` days."""
    for day in (first + timedelta(days=n) for n in range(days)):
        if (found := hours.on(day)) is None:
            continue
        open_h, close_h = found
        if open_h == close_h:
            yield _at(day, 0), _at(day, 24)
        else:
            yield _at(day, open_h), _at(day, close_h if open_h < close_h else close_h + 24)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(0), ZONE) + timedelta(hours=hour)
