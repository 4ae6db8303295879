"""How visits end: done, nobody at home, executive did not come; and the second visit for missing documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict, Unpack

from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.appointments import drop_planned, planned
from booking.changes import Change, change_stage, lock_booking, record
from booking.errors import NotAllowed, TooEarly
from booking.moving import MoveOptions, move
from booking.notices import Notices, write_notice
from booking.privacy import masked
from booking.rules import VisitRules
from booking.stages import APPOINTED, allowed
from booking.zone import local, local_day, utc
from models.bookings import Booking
from models.executives import Visit

__all__ = ["Side", "VisitOptions", "drop_planned", "no_show", "planned", "second_visit", "visited"]

Side = Literal["citizen", "executive"]


class VisitOptions(TypedDict, total=False):
    """The version the actor has seen, the wording of notices."""

    expected_version: int | None
    wording: Notices | None


def visited(
    session: Session, now: datetime, booking: Booking, actor: Actor, **options: Unpack[VisitOptions]
) -> Booking:
    """The executive was there and has scanned the documents: the visit is done. Again: changes nothing.

    Raises NotAllowed (stage, role, another executive's visit), TooEarly (before the day of the visit), Conflict.
    """
    with session.begin_nested():
        seen = _seen(session, booking, options)
        if booking.stage == "visited":
            return booking
        visit = _own(session, booking, actor)
        if local_day(now) < local_day(booking.starts_at):
            raise TooEarly(f"from {local_day(booking.starts_at)} on")
        wording = options.get("wording")
        change_stage(session, now, booking, "visited", actor, expected_version=seen, wording=wording)
        _end(session, now, visit, "done")
    return booking


def no_show(
    session: Session, now: datetime, booking: Booking, side: Side, actor: Actor, **options: Unpack[VisitOptions]
) -> Booking:
    """Nobody was at home (`side` "citizen"), or the executive did not come; `moving.move` then gives a new slot.

    Again: changes nothing. Raises NotAllowed (stage, role, another executive's visit), TooEarly (before the visit's
    start), Conflict.
    """
    to = f"{side}_absent"
    with session.begin_nested():
        seen = _seen(session, booking, options)
        if booking.stage == to:
            return booking
        if not allowed(booking.stage, to, actor.role):
            raise NotAllowed(f"{booking.stage} to {to} by {actor.role}")
        visit = _own(session, booking, actor)
        if now < booking.starts_at:
            raise TooEarly(f"from {local(booking.starts_at):%Y-%m-%d %H:%M} on")
        data = {"executive": visit.executive_id, "visit": visit.id} if visit else None
        record(session, now, booking, actor, Change("no_show", to, data=data), seen)
        _end(session, now, visit, to)
        write_notice(session, now, booking, to, options.get("wording"))
    return booking


def second_visit(  # noqa: PLR0913  a move, with the documents for which it is made
    session: Session,
    now: datetime,
    rules: VisitRules,
    booking: Booking,
    starts_at: datetime,
    missing: Sequence[str],
    actor: Actor,
    **options: Unpack[MoveOptions],
) -> Booking:
    """Agree on a second visit at `starts_at` for the documents `missing` (ids or plain names); all or nothing.

    The seat of the first visit is given back. `missing` may be empty where the booking names them already (stage
    "documents_needed"). Again: changes nothing. Raises what `change_stage` and `move` raise, and NotAllowed for an
    executive who was not there.
    """
    if booking.stage in APPOINTED and booking.missing and booking.starts_at == utc(starts_at):
        return booking
    if actor.role == "executive" and booking.executive_id != actor.id:
        raise NotAllowed("another executive's visit")
    with session.begin_nested():
        if _name(session, now, booking, list(missing), actor, options):
            options["expected_version"] = None  # it was compared when the documents were named
        return move(session, now, rules, booking, starts_at, actor, **options)


def _name(
    session: Session, now: datetime, booking: Booking, missing: list[str], actor: Actor, options: MoveOptions
) -> bool:
    """Note which documents are missing; whether the booking was changed for it."""
    expected = options.get("expected_version")
    if booking.stage != "documents_needed":
        wording, data = options.get("wording"), {"missing": missing}
        change_stage(
            session, now, booking, "documents_needed", actor, data=data, expected_version=expected, wording=wording
        )
        return True
    if not missing or masked(missing) == booking.missing:
        return False
    change = Change("missing", values={"missing": masked(missing)}, data={"missing": missing})
    record(session, now, booking, actor, change, expected)
    return True


def _seen(session: Session, booking: Booking, options: VisitOptions) -> int:
    """The version that the actor has seen, after the booking is locked and read anew."""
    expected = options.get("expected_version")
    seen = booking.version if expected is None else expected
    lock_booking(session, booking)
    return seen


def _own(session: Session, booking: Booking, actor: Actor) -> Visit | None:
    """The planned visit; an executive ends only his own."""
    visit = planned(session, booking)
    if actor.role == "executive" and (visit is None or visit.executive_id != actor.id):
        raise NotAllowed("another executive's visit")
    return visit


def _end(session: Session, now: datetime, visit: Visit | None, state: str) -> None:
    if visit is not None:
        visit.state, visit.ended_at = state, now
        session.flush()
