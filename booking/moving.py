"""Moving a booking to another slot, and cancelling it: seats, visit, event and notice in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from sqlalchemy import delete
from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.appointments import drop_planned
from booking.calendar import calendar
from booking.changes import Change, change_stage, lock_booking, record
from booking.errors import Conflict, HoldLost, NotAllowed, SlotClosed, SlotTaken, TooLate
from booking.holds import Claim, claim_of, claim_seat, held, hold_end, keep, lock_slots
from booking.notices import Notices, write_notice
from booking.rules import VisitRules
from booking.seats import slot_at
from booking.services import service_on
from booking.stages import APPOINTED, allowed
from booking.zone import local, utc
from models.bookings import Booking
from models.slots import SeatClaim, Slot

# The event row and the notice: a second visit is not a visit at another time.
_MOVED, _SECOND = ("moved", "moved"), ("second_visit", "booked")


class MoveOptions(TypedDict, total=False):
    """The conversation whose held seat is taken over, the version the actor has seen, the wording of notices, why."""

    conversation: str | None
    expected_version: int | None
    wording: Notices | None
    why: str


class CancelOptions(TypedDict, total=False):
    """The version the actor has seen, the wording of notices."""

    expected_version: int | None
    wording: Notices | None


def deadline(rules: VisitRules, booking: Booking) -> datetime:
    """Until when (inclusive; aware, local) the citizen may move or cancel the visit; later ones go by an agent."""
    return local(booking.starts_at) - timedelta(hours=rules.move_cutoff_h)


def move(
    session: Session,
    now: datetime,
    rules: VisitRules,
    booking: Booking,
    starts_at: datetime,
    actor: Actor,
    **options: Unpack[MoveOptions],
) -> Booking:
    """Give `booking` (of this session) the slot at `starts_at` and release its old one; all or nothing.

    Takes the seat that the conversation holds there, else a free one. The booking stands at "booked" then, so this is
    also how a visit that did not come about, or a second one, gets its slot. A replayed move changes nothing. Raises
    NotAllowed (stage, role, another executive's visit), TooLate (a caller past the deadline), Conflict, ServiceClosed,
    SlotClosed, HoldLost (with a conversation), SlotTaken (without).
    """
    with session.begin_nested():
        return _Deed(session, now, rules, booking, actor).move(starts_at, options)


def cancel(
    session: Session,
    now: datetime,
    rules: VisitRules,
    booking: Booking,
    actor: Actor,
    reason: str,
    **options: Unpack[CancelOptions],
) -> Booking:
    """Cancel `booking` (of this session): its seat is free, its executive does not come. Again: changes nothing.

    Raises NotAllowed, TooLate (a caller past the deadline), Conflict.
    """
    with session.begin_nested():
        return _Deed(session, now, rules, booking, actor).cancel(reason, options)


def is_late(now: datetime, rules: VisitRules, booking: Booking) -> bool:
    """Whether the deadline of an appointed visit has passed; there is none while no visit is ahead."""
    return booking.stage in APPOINTED and now > deadline(rules, booking)


@dataclass(frozen=True)
class _Deed:
    """A move or a cancellation under way."""

    session: Session
    now: datetime
    rules: VisitRules
    booking: Booking
    actor: Actor

    def move(self, starts_at: datetime, options: MoveOptions) -> Booking:
        booking = self.booking
        seen = self._lock(options.get("expected_version"))
        if booking.stage in APPOINTED and booking.starts_at == utc(starts_at):
            return booking
        late = self._late("booked", seen)
        claim = self._seat(starts_at, options.get("conversation"))
        data = {"from": local(booking.starts_at).isoformat(), "to": local(starts_at).isoformat(), "late": late}
        self._give_up("moved")
        keep(self.session, claim, booking.id)
        what, event = _SECOND if booking.stage == "documents_needed" else _MOVED
        change = Change(what, "booked", options.get("why", ""), {"slot_id": claim.slot_id}, data)
        record(self.session, self.now, booking, self.actor, change)
        write_notice(self.session, self.now, booking, event, options.get("wording"), self.actor)
        return booking

    def cancel(self, reason: str, options: CancelOptions) -> Booking:
        booking = self.booking
        seen = self._lock(options.get("expected_version"))
        if booking.stage == "cancelled":
            return booking
        data = {"late": self._late("cancelled", seen)}
        self._give_up("cancelled")
        wording = options.get("wording")
        return change_stage(
            self.session, self.now, booking, "cancelled", self.actor, reason, data=data, wording=wording
        )

    def _lock(self, expected: int | None) -> int:
        """The version that the actor has seen, after the booking is locked and read anew."""
        seen = self.booking.version if expected is None else expected
        lock_booking(self.session, self.booking)
        return seen

    def _late(self, to: str, seen: int) -> bool:
        """Whether this comes after the deadline, for the log; raises Conflict, NotAllowed, TooLate."""
        booking, role = self.booking, self.actor.role
        if booking.version != seen:
            raise Conflict(f"booking {booking.number}")
        if not allowed(booking.stage, to, role):
            raise NotAllowed(f"{booking.stage} to {to} by {role}")
        if role == "executive" and booking.executive_id != self.actor.id:
            raise NotAllowed("another executive's visit")
        late = is_late(self.now, self.rules, booking)
        if late and role == "caller":
            raise TooLate(f"until {deadline(self.rules, booking):%Y-%m-%d %H:%M}")
        return late

    def _give_up(self, why: str) -> None:
        """Release the old seat and call off the executive."""
        self.session.execute(delete(SeatClaim).where(SeatClaim.booking_id == self.booking.id))
        drop_planned(self.session, self.now, self.booking, self.actor, why)

    def _seat(self, starts_at: datetime, conversation: str | None) -> Claim:
        """A seat at `starts_at`: the one that `conversation` holds, or a free one."""
        session, booking, start = self.session, self.booking, local(starts_at)
        opening = calendar(session, self.rules, booking.city_id, booking.slot.area)
        why = opening.why_not(self.now, start)
        if why in ("past", "closed", "hours"):
            raise SlotClosed(why)
        service_on(session, booking.service_id, start.date())  # after it: a past day is past, not without the service
        slot = slot_at(session, booking.city_id, start, booking.slot.area)
        own = self._held(slot, conversation)
        if own is not None:
            return own
        if why is not None:
            raise SlotClosed(why)
        seats = opening.on(start.date()).seats if slot.seats is None else slot.seats
        until = hold_end(self.now, self.rules)
        try:
            return claim_seat(session, self.now, (slot.id, seats), conversation or f"move-{booking.id}", until)
        except SlotTaken:
            if conversation is None:
                raise
            raise HoldLost from None

    def _held(self, slot: Slot, conversation: str | None) -> Claim | None:
        """The seat that `conversation` holds in `slot`, with both slots locked."""
        own = claim_of(self.session, conversation) if conversation else None
        lock_slots(self.session, slot.id, self.booking.slot_id, *([own.slot_id] if own else []))
        return held(self.session, self.now, slot.id, conversation) if conversation else None
