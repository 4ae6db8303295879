"""Days on which an executive does not come, and who comes instead."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.appointments import drop_planned, planned
from booking.assigning import Report
from booking.assignment import AssignOptions, lock_city, replace
from booking.changes import Change, lock_booking, record
from booking.errors import NobodyFree, TooLate
from booking.executives import find_executive
from booking.notices import Notices, withdraw
from booking.privacy import masked
from booking.roster import roster, serves, works
from booking.zone import local_day
from models.bookings import Booking
from models.executives import Absence, Executive, Visit


class AbsentOptions(TypedDict, total=False):
    """Why the executive does not come (not told), the wording of notices."""

    reason: str
    wording: Notices | None


def absent(
    session: Session, now: datetime, executive: str, day: date, actor: Actor, **options: Unpack[AbsentOptions]
) -> Report:
    """Note that `executive` does not work on the local `day`; others get the visits planned for it.

    Raises NotFound, TooLate (a day that is over). Noted again it changes nothing.
    """
    find_executive(session, executive)
    if day < local_day(now):
        raise TooLate(f"{day} is over")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Absence).values(executive_id=executive, day=day, reason=masked(options.get("reason", "")))
    session.execute(row.on_conflict_do_nothing())
    return relieve(session, now, executive, actor, "executive absent", options.get("wording"))


def present(session: Session, executive: str, day: date) -> bool:
    """Take an absence back; whether there was one. Visits given to others stay with them."""
    gone = delete(Absence).where(Absence.executive_id == executive, Absence.day == day).returning(Absence.id)
    return session.execute(gone).first() is not None


def relieve(
    session: Session, now: datetime, executive: str, actor: Actor, why: str, wording: Notices | None = None
) -> Report:
    """Give the coming visits that `executive` cannot make any more (absent, other days, city or area) to others.

    A visit that nobody else can make is called off, and its booking waits for the next assignment run; the report names
    it. Raises NotFound.
    """
    row = find_executive(session, executive)
    coming = _coming(session, now, executive)
    for city in sorted({b.city_id for b, _ in coming} | {row.city_id}):
        lock_city(session, city)
    report = Report()
    for booking, visit in _coming(session, now, executive):  # read again: under the locks
        lock_booking(session, booking)
        current = planned(session, booking)
        if current is not None and current.id == visit.id and _unfit(session, row, booking):
            report += _replaced(session, now, current, actor, {"why": why, "wording": wording})
    return report


def _coming(session: Session, now: datetime, executive: str) -> list[tuple[Booking, Visit]]:
    """The planned visits of `executive` after `now` with their bookings, in time order."""
    mine = select(Booking, Visit).join(Visit, Visit.booking_id == Booking.id)
    mine = mine.where(Visit.executive_id == executive, Visit.state == "planned", Visit.starts_at > now)
    rows = session.execute(mine.order_by(Visit.starts_at, Visit.id).execution_options(populate_existing=True))
    return [(booking, visit) for booking, visit in rows]


def _unfit(session: Session, executive: Executive, booking: Booking) -> bool:
    day = local_day(booking.starts_at)
    away = exists().where(Absence.executive_id == executive.id, Absence.day == day)
    return (
        not works(executive, day)
        or executive.city_id != booking.city_id
        or not serves(executive, booking.slot.area)
        or bool(session.scalar(select(away)))
    )


def _replaced(session: Session, now: datetime, visit: Visit, actor: Actor, options: AssignOptions) -> Report:
    booking = session.get_one(Booking, visit.booking_id)
    team = roster(session, booking.city_id, local_day(visit.starts_at))
    try:
        replace(session, now, visit, actor, team.candidates(booking.slot.area, visit.starts_at), options)
    except NobodyFree:
        _called_off(session, now, booking, actor, options["why"])
        return Report(nobody_free=(booking.number,))
    return Report(assigned=1)


def _called_off(session: Session, now: datetime, booking: Booking, actor: Actor, why: str) -> None:
    drop_planned(session, now, booking, actor, why)
    record(session, now, booking, actor, Change("stage", "booked", why))
    # The citizen is told who comes when somebody does; a name not sent yet is no longer true.
    withdraw(session, now, booking, "assigned", "reassigned")
