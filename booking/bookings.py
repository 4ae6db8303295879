"""Booking a home visit: seat, booking, event and notice in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.areas import check_place
from booking.calendar import Calendar, calendar
from booking.errors import BadMobile, BadPin, HoldLost, NotFound, SlotClosed, SlotTaken
from booking.holds import claim_of, claim_seat, lock_slots, locked_claim_of
from booking.notices import Notices, write_notice
from booking.notices import notices as project_notices
from booking.numbers import booking_number, valid_number
from booking.phone import mobile as mobile_digits
from booking.pin import pin as pin_digits
from booking.privacy import masked
from booking.rules import VisitRules
from booking.seats import slot_at
from booking.services import service_on
from booking.zone import local, utc
from models.bookings import Booking, BookingEvent
from models.catalogue import ServiceRow
from models.slots import SeatClaim, Slot
from models.voice_notes import VoiceNote

NUMBER_TRIES = 20  # of nine million; the table would have to be nearly full to need them


@dataclass(frozen=True)
class Order:
    """What a caller has confirmed. `note` is a voice note's id, `caller` the calling number; both may be None.

    `area` is one of the city's, "" in a city without areas. `name` and `address` are only known where they are typed.
    """

    conversation: str
    service: str
    city: str
    starts_at: datetime
    mobile: str
    pin: str
    note: str | None = None
    language: str = "hi"
    caller: str | None = None
    area: str = ""
    channel: str = "phone"
    by: Actor = CALLER
    name: str = ""
    address: str = ""

    @property
    def replay_key(self) -> str:
        """The same for a replay of this order, different for another service or time in the same conversation."""
        place = f"{self.city}/{self.area}" if self.area else self.city
        return f"{self.conversation}/{self.service}/{place}/{utc(self.starts_at):%Y%m%dT%H%MZ}"


_KNOWN = select(Booking).where(Booking.replay_key == bindparam("replay_key"))


def book(session: Session, now: datetime, rules: VisitRules, order: Order, notices: Notices | None = None) -> Booking:
    """The booking for `order`, made once however often it is asked for.

    Takes the seat that the conversation holds, or a free one when the hold has expired. Raises ServiceClosed,
    CityNotCovered, AreaUnknown, AreaNeeded, BadMobile, BadPin, NotFound (voice note), SlotClosed (closed since it was
    held), HoldLost.
    `notices` are the texts to write (default: the project's own).
    """
    with session.begin_nested():  # all or nothing, also for a caller who catches the error in its transaction
        return _book(session, now, rules, order, notices or project_notices())


def find_by_number(session: Session, number: str) -> Booking | None:
    """The booking with this number; None also for what can be no booking number."""
    this = select(Booking).where(Booking.number == number)
    return session.scalars(this).one_or_none() if valid_number(number) else None


def latest(session: Session, limit: int) -> list[Booking]:
    """The bookings made last, newest first."""
    return list(session.scalars(select(Booking).order_by(Booking.created_at.desc(), Booking.id.desc()).limit(limit)))


def _book(session: Session, now: datetime, rules: VisitRules, order: Order, notices: Notices) -> Booking:
    city = check_place(session, order.city, order.area)
    slot = slot_at(session, order.city, order.starts_at, order.area)
    own = claim_of(session, order.conversation)
    lock_slots(session, slot.id, *([own.slot_id] if own else []))
    known = session.scalars(_KNOWN, {"replay_key": order.replay_key}).one_or_none()
    if known is not None:
        return known
    opening = calendar(session, rules, order.city, order.area)
    # What the booking and its notice refer to is kept at hand here, so that it is not read again.
    service, values = _checked(session, opening, order)
    claim = _seat(session, now, opening, order, slot)
    related = {"service_id": service.id, "slot_id": slot.id, "city_id": city.id}
    booking = _insert(session, {**values, **related, "created_at": now, "updated_at": now})
    claim.booking_id, claim.conversation_id, claim.expires_at = booking.id, None, None
    session.add(BookingEvent(booking_id=booking.id, at=now, who=str(order.by), to_stage=booking.stage))
    write_notice(session, now, booking, "booked", notices)
    session.flush()
    return booking


def _checked(session: Session, opening: Calendar, order: Order) -> tuple[ServiceRow, dict[str, Any]]:
    """The service, and the columns that come from the order."""
    digits, pin = mobile_digits(order.mobile), pin_digits(order.pin)
    if digits is None:
        raise BadMobile
    if pin is None:
        raise BadPin
    if order.note is not None and session.get(VoiceNote, order.note) is None:
        raise NotFound(f"voice note {order.note}")
    start = local(order.starts_at)
    service = service_on(session, order.service, start.date())
    if start not in opening.starts(start.date()):
        raise SlotClosed("closed")
    return service, {
        "replay_key": order.replay_key,
        "mobile": digits,
        "pin": pin,
        "note_id": order.note,
        "language": order.language,
        "caller": order.caller,
        "conversation_id": order.conversation,
        "channel": order.channel,
        "name": masked(order.name),
        "address": masked(order.address),
        "stage": "booked",
        "fee": service.fee,
        "visit_fee": opening.rules.visit_fee,
    }


def _seat(session: Session, now: datetime, opening: Calendar, order: Order, slot: Slot) -> SeatClaim:
    """The held seat, or another one when the hold has run out meanwhile."""
    own = locked_claim_of(session, order.conversation)
    if own is not None and own.slot_id == slot.id and own.expires_at is not None and own.expires_at > now:
        return own
    if opening.why_not(now, order.starts_at) is not None:
        raise HoldLost
    try:
        return claim_seat(session, now, opening.rules, slot, order.conversation)
    except SlotTaken:
        raise HoldLost from None


def _insert(session: Session, values: dict[str, Any]) -> Booking:
    """The booking with a number of its own. Whoever is drawn a number that is taken draws again."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for _ in range(NUMBER_TRIES):
        one = insert(Booking).values(**values, number=booking_number())
        one = one.on_conflict_do_nothing(index_elements=["number"])
        booking = session.scalars(one.returning(Booking)).one_or_none()
        if booking is not None:
            return booking
    raise RuntimeError(f"{NUMBER_TRIES} booking numbers drawn, and all of them taken")
