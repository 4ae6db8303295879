"""Free slots: what fits a caller's wish."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from booking.areas import check_place
from booking.calendar import Calendar, calendar
from booking.errors import Why
from booking.rules import VisitRules
from booking.seats import claimed
from booking.zone import ZONE, local, local_day, utc

Daypart = Literal["morning", "afternoon", "evening"]
DAYPARTS: dict[str, range] = {"morning": range(0, 12), "afternoon": range(12, 16), "evening": range(16, 24)}


@dataclass(frozen=True)
class Wish:
    """What the caller wants: a city and, as far as said, a local date, a part of day, a local time.

    `area` is one of the city's, "" in a city without areas. The time wins over the part of day; `limit` is how many
    slots are wanted at most.
    """

    city: str
    date: date | None = None
    daypart: str | None = None
    time: time | None = None
    limit: int = 3
    area: str = ""


@dataclass(frozen=True)
class FreeSlot:
    """A slot with room; `starts_at` is aware, Asia/Kolkata."""

    starts_at: datetime


@dataclass(frozen=True)
class Found:
    """Free slots in time order. `relation`: "exact" as wished · "same_day" another time of that day · "later" days."""

    relation: Literal["exact", "same_day", "later", "none"]
    slots: tuple[FreeSlot, ...] = ()


@dataclass
class _Search:
    """One search: room by start time, in a calendar, at a moment. `known` is what has been read, up to `until`; times
    in it and in `exclude` are UTC."""

    session: Session
    now: datetime
    calendar: Calendar
    place: tuple[str, str]
    exclude: frozenset[datetime]
    conversation: str | None
    known: dict[datetime, tuple[int | None, int]] = field(default_factory=dict)
    until: datetime | None = None
    days_seen: dict[date, list[datetime]] = field(default_factory=dict)

    def free(self, day: date) -> list[datetime]:
        """Start times of `day` that can be booked and have room, aware local."""
        if day not in self.days_seen:
            self.days_seen[day] = self._look(day)
        return self.days_seen[day]

    def _look(self, day: date) -> list[datetime]:
        starts = self.calendar.bookable(self.now, day)
        if not starts:
            return []
        if self.until is None or starts[-1] > self.until:
            self._read(starts[0], starts[-1])
        usual = self.calendar.on(day).seats
        return [s for s in starts if self._room(utc(s), usual)]

    def _read(self, first: datetime, last: datetime) -> None:
        """Read the first day alone, as most callers get a slot on it, but all the others at once."""
        if self.until is not None:
            last = datetime.combine(self.calendar.last_day(self.now), time.max, ZONE)
        self.known |= claimed(self.session, self.now, self.place, [first, last], self.conversation)
        self.until = last

    def _room(self, start: datetime, usual: int) -> bool:
        """`usual` is the number of seats of a slot that has none of its own."""
        seats, taken = self.known.get(start, (None, 0))
        return start not in self.exclude and taken < (usual if seats is None else seats)

    def days(self, first: date) -> Iterator[date]:
        """Days from `first` (at the earliest today) to the last that can be booked."""
        day = max(first, local_day(self.now))
        while day <= self.calendar.last_day(self.now):
            yield day
            day += timedelta(days=1)


def find(
    session: Session,
    now: datetime,
    rules: VisitRules,
    wish: Wish,
    *,
    exclude: Collection[datetime] = (),
    conversation: str | None = None,
) -> Found:
    """Free slots for `wish`, without those in `exclude`; reads only. Raises CityNotCovered, AreaUnknown, AreaNeeded.

    A seat held by `conversation` itself counts as free, so do expired holds. Without a date the first day that fits is
    taken.
    """
    check_place(session, wish.city, wish.area)
    opening = calendar(session, rules, wish.city, wish.area)
    search = _Search(session, now, opening, (wish.city, wish.area), frozenset(map(utc, exclude)), conversation)
    return _on_date(search, wish, wish.date) if wish.date else _any_date(search, wish)


def why_closed(session: Session, now: datetime, rules: VisitRules, city: str, day: date, area: str = "") -> Why | None:
    """Why nothing can be booked on `day`, whatever is free: past, closed, too_far, too_soon; None when it can."""
    return calendar(session, rules, city, area).why_closed(now, day)


def _on_date(search: _Search, wish: Wish, day: date) -> Found:
    free = search.free(day)
    fitting = [s for s in free if _fits(s, wish)]
    if fitting:
        return _found("exact", spread(fitting, wish.limit))
    if free:
        return _found("same_day", _nearest(free, wish))
    return _later(search, wish, day + timedelta(days=1))


def _any_date(search: _Search, wish: Wish) -> Found:
    today = local_day(search.now)
    for day in search.days(today):
        fitting = [s for s in search.free(day) if _fits(s, wish)]
        if fitting:
            return _found("exact", spread(fitting, wish.limit))
    return _later(search, wish, today)


def _later(search: _Search, wish: Wish, first: date) -> Found:
    for day in search.days(first):
        free = search.free(day)
        if free:
            fitting = [s for s in free if _fits(s, wish)]
            return _found("later", spread(fitting, wish.limit) if fitting else _nearest(free, wish))
    return Found("none")


def _found(relation: Literal["exact", "same_day", "later"], starts: Iterable[datetime]) -> Found:
    return Found(relation, tuple(FreeSlot(local(s)) for s in sorted(starts)))


def _fits(start: datetime, wish: Wish) -> bool:
    if wish.time is not None:
        return start.time() == wish.time.replace(tzinfo=None)
    return wish.daypart is None or start.hour in DAYPARTS[wish.daypart]


def spread(starts: list[datetime], limit: int) -> list[datetime]:
    """At most `limit` of `starts`, evenly over the whole: the first, the middle, the last."""
    if len(starts) <= limit or limit < 1:
        return starts[: max(limit, 0)]
    if limit == 1:
        return starts[:1]
    return [starts[round(i * (len(starts) - 1) / (limit - 1))] for i in range(limit)]


def _nearest(free: list[datetime], wish: Wish) -> list[datetime]:
    """Near to a wished time; spread over the day when only a part of the day (or nothing) was wished."""
    if wish.time is None:
        return spread(free, wish.limit)
    wished = wish.time.hour * 60 + wish.time.minute
    return sorted(free, key=lambda s: abs(s.hour * 60 + s.minute - wished))[: wish.limit]
