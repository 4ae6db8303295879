"""The assignment run: every booking of the coming days gets its executive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, select, tuple_
from sqlalchemy.orm import Session

from booking.actors import JOB
from booking.assignment import AssignOptions, lock_city, plan
from booking.errors import NobodyFree
from booking.notices import Notices
from booking.roster import Roster, day_bounds, roster
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
    """A booking that is to be assigned; start and id are the order of assignment."""

    starts_at: datetime
    id: int
    area: str
    number: str


def assign_due(session: Session, now: datetime, *, days: int = DAYS, wording: Notices | None = None) -> Report:
    """Assign all bookings that begin after `now` and until `days` days after today, in one transaction.

    City by city in the order of the slots. A booking that somebody is changing right now is left to the next run.
    """
    report = Report()
    for city in _cities(session, now, days):
        report += _run(session, now, city, _due(session, now, days, city), wording)
    return report


def assign_all(store: Store, now: datetime, *, days: int = DAYS, wording: Notices | None = None) -> Report:
    """As `assign_due`, in transactions of at most BATCH bookings, so that no caller waits long."""
    with store.read() as session:
        cities = _cities(session, now, days)
    report = Report()
    for city in cities:
        after: _Due | None = None
        while True:
            with store.begin() as session:
                due = _due(session, now, days, city, after, BATCH)
                report += _run(session, now, city, due, wording)
            if len(due) < BATCH:
                break
            after = due[-1]
    return report


def _cities(session: Session, now: datetime, days: int) -> list[str]:
    """The cities with something to assign, in the order in which they are locked."""
    found = select(Booking.city_id).join(Slot, Booking.slot_id == Slot.id).where(_open(now, days))
    return sorted(session.scalars(found.distinct()))


def _due(
    session: Session, now: datetime, days: int, city: str, after: _Due | None = None, limit: int | None = None
) -> list[_Due]:
    found = select(Slot.starts_at, Booking.id, Slot.area, Booking.number).join(Slot, Booking.slot_id == Slot.id)
    found = found.where(_open(now, days), Booking.city_id == city)
    if after is not None:
        found = found.where(tuple_(Slot.starts_at, Booking.id) > after[:2])
    return [_Due(*row) for row in session.execute(found.order_by(Slot.starts_at, Booking.id).limit(limit)).all()]


def _open(now: datetime, days: int) -> ColumnElement[bool]:
    """The bookings that are to be assigned."""
    end = day_bounds(local_day(now), days + 1)[1]
    return and_(Booking.stage == "booked", Slot.starts_at > now, Slot.starts_at < end)


def _run(session: Session, now: datetime, city: str, due: Iterable[_Due], wording: Notices | None) -> Report:
    lock_city(session, city)
    options: AssignOptions = {"wording": wording}
    teams: dict[date, Roster] = {}
    assigned, nobody = 0, []
    for this in due:
        day = local_day(this.starts_at)
        if day not in teams:
            teams[day] = roster(session, city, day)
        team = teams[day]
        if not team.candidates(this.area, this.starts_at):
            nobody.append(this.number)  # known without asking the store: on a full day that is most of them, each run
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
