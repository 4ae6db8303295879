"""Assigning executives to bookings: fair, by area, and never one executive at two places.

Assignments in one city wait for one another (the city's row is locked first, then the booking), so that nobody gets
more visits than his capacity; that nobody is at two places is the store's partial unique index's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.appointments import planned
from booking.changes import Change, lock_booking, record
from booking.errors import Conflict, NobodyFree, NotAllowed, NotFound, TooLate
from booking.notices import Notices, write_notice
from booking.roster import Roster, roster
from booking.stages import allowed
from booking.zone import local_day
from models.bookings import Booking
from models.catalogue import CityRow
from models.executives import Executive, Visit
from models.inserting import insert_new


class AssignOptions(TypedDict, total=False):
    """The version the actor has seen, why (another executive comes), the wording of notices."""

    expected_version: int | None
    why: str
    wording: Notices | None


class _Appointed(NamedTuple):
    """A visit that has just been planned, and who makes it."""

    id: int
    executive: str


_VISIT = insert_new(Visit, "booking_id", "executive_id", "starts_at", "purpose", "state", "assigned_at")


def assign(
    session: Session,
    now: datetime,
    booking: Booking,
    actor: Actor,
    executive: str | None = None,
    **options: Unpack[AssignOptions],
) -> Booking:
    """Plan the visit of `booking` (of this session) by the executive with the fewest visits, or by `executive` (id).

    A booking that has an executive keeps that one, unless another is named: then that one comes instead and the citizen
    is told. Raises NotAllowed (stage or role), NotFound (executive), NobodyFree, TooLate (the day is over), Conflict.
    """
    with session.begin_nested():
        lock_city(session, booking.city_id)
        expected = options.get("expected_version")
        seen = booking.version if expected is None else expected
        lock_booking(session, booking)
        if booking.version != seen:
            raise Conflict(f"booking {booking.number}")
        return _assign(session, now, booking, actor, executive, options)


def lock_city(session: Session, city: str) -> None:
    """Let assignments in one city wait for one another (PostgreSQL; SQLite has one writer anyway).

    Several cities are locked in the order of their ids, and always before bookings.
    """
    session.execute(select(CityRow.id).where(CityRow.id == city).with_for_update(key_share=True))


def plan(
    session: Session, now: datetime, booking: Booking, actor: Actor, team: Roster, options: AssignOptions
) -> Booking:
    """Plan the first visit of a locked `booking` at its slot with the fairest choice of `team`; raises NobodyFree."""
    candidates = team.candidates(booking.slot.area, booking.starts_at)
    return _plan(session, now, booking, actor, candidates, options)


def replace(
    session: Session, now: datetime, visit: Visit, actor: Actor, candidates: Sequence[Executive], options: AssignOptions
) -> Booking:
    """Let another one of `candidates` come instead: `visit` of a locked booking is dropped; raises NobodyFree."""
    booking = session.get_one(Booking, visit.booking_id)
    with session.begin_nested():
        visit.state, visit.ended_at = "dropped", now
        session.flush()
        new = _appoint(session, now, booking, candidates, visit.purpose)
    data = {"from": visit.executive_id, "executive": new.executive, "visit": new.id}
    change = Change("reassigned", None, options.get("why", ""), {"executive_id": new.executive}, data)
    record(session, now, booking, actor, change)
    write_notice(session, now, booking, "reassigned", options.get("wording"))
    return booking


def _assign(
    session: Session, now: datetime, booking: Booking, actor: Actor, executive: str | None, options: AssignOptions
) -> Booking:
    before = planned(session, booking)
    if before is not None and executive in (None, before.executive_id):
        return booking
    if not allowed("booked" if before else booking.stage, "assigned", actor.role):
        raise NotAllowed(f"{booking.stage} to assigned by {actor.role}")
    day = local_day(booking.starts_at)
    if day < local_day(now):
        raise TooLate(f"the visit was on {day}")
    team = roster(session, booking.city_id, day)
    if executive is None:
        return plan(session, now, booking, actor, team, options)
    chosen = [_chosen(session, team, booking, executive)]
    if before is not None:
        return replace(session, now, before, actor, chosen, options)
    return _plan(session, now, booking, actor, chosen, options)


def _chosen(session: Session, team: Roster, booking: Booking, executive: str) -> Executive:
    row = session.get(Executive, executive)
    if row is None:
        raise NotFound(f"executive {executive}")
    why = team.why_not(row, booking.slot.area, booking.starts_at)
    if why is not None:
        raise NobodyFree(f"{executive} {why}")
    return row


def _plan(
    session: Session,
    now: datetime,
    booking: Booking,
    actor: Actor,
    candidates: Sequence[Executive],
    options: AssignOptions,
) -> Booking:
    columns = (Visit.state, Visit.starts_at, Visit.executive_id)
    earlier = session.execute(select(*columns).where(Visit.booking_id == booking.id)).all()
    purpose = "second" if any(v.state == "done" for v in earlier) else "documents"
    visit = _appoint(session, now, booking, candidates, purpose)
    data = {"executive": visit.executive, "visit": visit.id, "purpose": purpose}
    change = Change("assigned", "assigned", options.get("why", ""), {"executive_id": visit.executive}, data)
    record(session, now, booking, actor, change)
    # Somebody else was announced for this very appointment: the citizen must not open the door to that one.
    again = any(v.state == "dropped" and v.starts_at == booking.starts_at for v in earlier)
    other = again and all(v.executive_id != visit.executive for v in earlier if v.state == "dropped")
    write_notice(session, now, booking, "reassigned" if other else "assigned", options.get("wording"))
    return booking


def _appoint(
    session: Session, now: datetime, booking: Booking, candidates: Sequence[Executive], purpose: str
) -> _Appointed:
    """The visit by the first of `candidates` whom the store does not know to be elsewhere; raises NobodyFree."""
    visit = {"booking_id": booking.id, "starts_at": booking.starts_at, "purpose": purpose, "assigned_at": now}
    for executive in candidates:
        made = _VISIT.first(session, {**visit, "executive_id": executive.id, "state": "planned"})
        if made is not None:
            return _Appointed(made.id, executive.id)
        if planned(session, booking) is not None:
            raise Conflict(f"booking {booking.number}")
    raise NobodyFree(f"booking {booking.number}")
