"""Moving and cancelling a booking, and where its executive is."""

from __future__ import annotations

from collections.abc import Mapping

from booking import moving, tracking
from booking.actors import CALLER
from booking.errors import NotFound, NotOwner
from booking.stages import APPOINTED
from booking.zone import local_day
from ivr.operations.desk import Args, Desk, Outcome, Work, local_time
from ivr.operations.records import find, owned, told
from models.bookings import Booking


def spoken_of(desk: Desk, args: Args) -> Booking:
    """The booking spoken of; raises NotFound, NotOwner."""
    booking = find(desk, args["records"][0]["number"])
    if not isinstance(booking, Booking):
        raise NotFound
    if not owned(booking, args):
        raise NotOwner
    return booking


def as_it_stands(desk: Desk, args: Args, booking: Booking) -> dict[str, object]:
    """The records, the first of them read anew: what is read back to the caller is this version."""
    return {"records": [told(desk, booking, args["language"]), *args["records"][1:]]}


def can_move(desk: Desk, args: Args) -> Outcome:
    """ok, too_late or unfit, with the booking as it stands."""
    booking = spoken_of(desk, args)
    status = tracking.status(desk.session, desk.now, desk.rules, booking)
    return _may(desk, booking, status.movable), as_it_stands(desk, args, booking)


def can_cancel(desk: Desk, args: Args) -> Outcome:
    """ok, too_late or unfit, with the booking as it stands."""
    booking = spoken_of(desk, args)
    status = tracking.status(desk.session, desk.now, desk.rules, booking)
    return _may(desk, booking, status.cancellable), as_it_stands(desk, args, booking)


def _may(desk: Desk, booking: Booking, may: bool) -> str:
    return "ok" if may else "too_late" if moving.is_late(desk.now, desk.rules, booking) else "unfit"


def move(desk: Desk, args: Args) -> Outcome:
    """ok; too_late, unfit, conflict, hold_lost, closed, service_closed, not_owner."""
    booking = spoken_of(desk, args)
    moving.move(
        desk.session,
        desk.now,
        desk.rules,
        booking,
        local_time(args["slot"]),
        CALLER,
        conversation=desk.conversation,
        expected_version=args["records"][0]["version"],
        wording=desk.notices,
    )
    return "ok", {}


def cancel(desk: Desk, args: Args) -> Outcome:
    """ok; too_late, unfit, conflict, not_owner. A booking made in this call is no longer spoken of at its end."""
    booking = spoken_of(desk, args)
    version = args["records"][0]["version"]
    reason = str(args.get("cancel_reason") or "")[:LONGEST]
    moving.cancel(
        desk.session,
        desk.now,
        desk.rules,
        booking,
        CALLER,
        reason,
        expected_version=version,
        wording=desk.notices,
    )
    return "ok", {"number": None} if args.get("number") == booking.number else {}


LONGEST = 300  # characters of a reason


def whereabouts(desk: Desk, args: Args) -> Outcome:
    """coming (identity and window), later, unassigned (it is today, and nobody is assigned), late, unfit."""
    booking = spoken_of(desk, args)
    start, end = tracking.slot_times(desk.rules, booking)
    if booking.stage == "executive_absent" or (booking.stage in APPOINTED and desk.now >= end):
        outcome = "late"
    elif booking.stage not in APPOINTED:
        outcome = "unfit"
    elif booking.stage == "assigned":
        outcome = "coming"
    else:
        outcome = "unassigned" if start.date() <= local_day(desk.now) else "later"
    return outcome, as_it_stands(desk, args, booking)


WORK: Mapping[str, Work] = {
    "can_move": can_move,
    "can_cancel": can_cancel,
    "move": move,
    "cancel": cancel,
    "whereabouts": whereabouts,
}
