"""Booking a home visit: seat, booking, event and notice in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.areas import check_place
from booking.calendar import calendar
from booking.errors import BadMobile, BadPin, HoldLost, NotFound, SlotClosed, SlotTaken
from booking.holds import claim_of, claim_seat, lock_slots
from booking.notices import Notices, write_notice
from booking.notices import notices as project_notices
from booking.numbers import booking_number, valid_number
from booking.phone import mobile as mobile_digits
from booking.pin import pin as pin_digits
from booking.privacy import masked
from booking.rules import VisitRules
from booking.seats import slot_at
from booking.services import covered, service_on
from booking.zone import local, utc
from models.bookings import Booking, BookingEvent
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
    check_place(session, order.city, order.area)
    slot = slot_at(session, order.city, order.starts_at, order.area)
    own = claim_of(session, order.conversation)
    lock_slots(session, slot.id, *([own.slot_id] if own else []))
    known = session.scalars(select(Booking).where(Booking.replay_key == order.replay_key)).one_or_none()
    if known is not None:
        return known
    booking = _checked(session, now, rules, order)
    claim = _seat(session, now, rules, order, slot)
    booking.slot = slot
    _insert(session, booking)
    claim.booking_id, claim.conversation_id, claim.expires_at = booking.id, None, None
    session.add(BookingEvent(booking_id=booking.id, at=now, who=str(order.by), to_stage=booking.stage))
    write_notice(session, now, booking, "booked", notices)
    session.flush()
    return booking


def _checked(session: Session, now: datetime, rules: VisitRules, order: Order) -> Booking:
    digits, pin = mobile_digits(order.mobile), pin_digits(order.pin)
    if digits is None:
        raise BadMobile
    if pin is None:
        raise BadPin
    if order.note is not None and session.get(VoiceNote, order.note) is None:
        raise NotFound(f"voice note {order.note}")
    start = local(order.starts_at)
    service = service_on(session, order.service, start.date())
    if start not in calendar(session, rules, order.city, order.area).starts(start.date()):
        raise SlotClosed("closed")
    return Booking(
        replay_key=order.replay_key,
        service=service,
        city=covered(session, order.city),
        mobile=digits,
        pin=pin,
        note_id=order.note,
        language=order.language,
        caller=order.caller,
        conversation_id=order.conversation,
        channel=order.channel,
        name=masked(order.name),
        address=masked(order.address),
        stage="booked",
        fee=service.fee,
        visit_fee=rules.visit_fee,
        created_at=now,
        updated_at=now,
    )


def _seat(session: Session, now: datetime, rules: VisitRules, order: Order, slot: Slot) -> SeatClaim:
    """The held seat, or another one when the hold has run out meanwhile."""
    own = claim_of(session, order.conversation)
    if own is not None and own.slot_id == slot.id and own.expires_at is not None and own.expires_at > now:
        return own
    opening = calendar(session, rules, order.city, order.area)
    if opening.why_not(now, order.starts_at) is not None:
        raise HoldLost
    try:
        return claim_seat(session, now, opening.rules, slot, order.conversation)
    except SlotTaken:
        raise HoldLost from None


def _insert(session: Session, booking: Booking) -> None:
    for left in range(NUMBER_TRIES, -1, -1):
        booking.number = booking_number()
        try:
            with session.begin_nested():
                session.add(booking)
        except IntegrityError:
            if left == 0:
                raise
            continue
        return
