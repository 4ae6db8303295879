"""The assignment run: every booking of the coming days gets its executive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from booking.actors import JOB
from booking.assignment import AssignOptions, lock_city, plan
from booking.errors import NobodyFree
from booking.notices import Notices
from booking.roster import day_bounds, rosters
from booking.zone import local_day
from models.bookings import Booking
from models.executives import Visit
from models.slots import Slot
from models.store import Store

DAYS = 2  # days after today whose visits are planned: a later day may still be moved by the citizen
BATCH = 25  # bookings a transaction, about 0.1 s: on SQLite callers wait for it


@dataclass(frozen=True)
class Report:
    """What a run did: bookings that have an executive now, and the numbers of those nobody is free for."""

    assigned: int = 0
    nobody_free: tuple[str, ...] = ()

    def __add__(self, other: Report) -> Report:
        """Both together."""
        return Report(self.assigned + other.assigned, self.nobody_free + other.nobody_free)


class _Due(NamedTuple):
    """A booking that is to be assigned."""

    id: int
    number: str
    city: str
    area: str
    starts_at: datetime

    @property
    def day(self) -> date:
        """The local day of the visit."""
        return local_day(self.starts_at)


def assign_all(store: Store, now: datetime, *, days: int = DAYS, wording: Notices | None = None) -> Report:
    """Assign all bookings that begin after `now` and until `days` days after today.

    City by city in the order of the slots, in transactions of at most BATCH bookings, so that no caller waits long;
    where everybody has enough to do, which on most days is nearly everywhere, in none. A booking that somebody is
    changing right now is left to the next run.
    """
    with store.read() as session:
        due, nobody = _promising(session, _due(session, now, days))
    report = Report(0, tuple(nobody))
    for _, bookings in groupby(due, key=lambda this: this.city):
        of_city = list(bookings)
        for at in range(0, len(of_city), BATCH):
            with store.begin() as session:
                report += _run(session, now, of_city[at : at + BATCH], wording)
    return report


def _due(session: Session, now: datetime, days: int) -> list[_Due]:
    """By city, so that all processes lock the cities in the same order, and by slot."""
    found = select(Booking.id, Booking.number, Booking.city_id, Slot.area, Slot.starts_at)
    end = day_bounds(local_day(now), days + 1)[1]
    unserved = and_(Booking.stage == "booked", Slot.starts_at > now, Slot.starts_at < end)
    found = found.join(Slot, Booking.slot_id == Slot.id).where(unserved)
    return [_Due(*row) for row in session.execute(found.order_by(Booking.city_id, Slot.starts_at, Booking.id))]


def _promising(session: Session, due: list[_Due]) -> tuple[list[_Due], list[str]]:
    """Those of `due` in whose city somebody is free for one of them on that day, and the numbers of the others."""
    teams = rosters(session, {this.city for this in due}, {this.day for this in due})
    free = {(d.city, d.day) for d in due if teams[d.city, d.day].candidates(d.area, d.starts_at)}
    return [d for d in due if (d.city, d.day) in free], [d.number for d in due if (d.city, d.day) not in free]


def _run(session: Session, now: datetime, due: list[_Due], wording: Notices | None) -> Report:
    """Assign bookings of one city."""
    city = due[0].city
    lock_city(session, city)
    options: AssignOptions = {"wording": wording}
    teams = rosters(session, [city], {this.day for this in due})
    assigned, nobody = 0, []
    for this in due:
        team = teams[city, this.day]
        if not team.candidates(this.area, this.starts_at):
            nobody.append(this.number)
            continue
        booking = _locked(session, this)
        if booking is None:
            continue
        try:
            plan(session, now, booking, JOB, team, options)
        except NobodyFree:
            nobody.append(this.number)
            continue
        assert booking.executive_id is not None
        team.note(booking.executive_id, booking.starts_at)
        assigned += 1
    return Report(assigned, tuple(nobody))


def _locked(session: Session, this: _Due) -> Booking | None:
    """The booking, read anew under its lock, if it is still to be assigned at that time; None also when somebody has
    locked it."""
    free = select(Booking).where(
        Booking.id == this.id,
        Booking.stage == "booked",
        ~exists().where(Visit.booking_id == Booking.id, Visit.state == "planned"),
    )
    lock = free.with_for_update(key_share=True, skip_locked=True, of=Booking)
    booking = session.scalars(lock.execution_options(populate_existing=True)).one_or_none()
    return booking if booking is not None and booking.starts_at == this.starts_at else None
