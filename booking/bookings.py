"""Booking a home visit: seat, booking, event and notice in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.errors import BadMobile, BadPin, HoldLost, NotFound, ServiceClosed, SlotClosed, SlotTaken
from booking.facts import just_booked
from booking.holds import Claim, claim_seat, held, hold_end, keep
from booking.locked import LockedSlot, Spot, lock_slot
from booking.notices import NEW_NOTICE, Direct, Notices, composed
from booking.notices import notices as project_notices
from booking.numbers import booking_number, valid_number
from booking.phone import mobile as mobile_digits
from booking.pin import pin as pin_digits
from booking.privacy import masked
from booking.rules import VisitRules
from booking.zone import local, utc
from models.base import table
from models.bookings import Booking, BookingEvent
from models.catalogue import ServiceRow
from models.inserting import insert_new
from models.prepared import Prepared, pipelined
from models.voice_notes import VoiceNote

STAGE = "booked"  # the first one, and the event that is told
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


@dataclass(frozen=True)
class Booked:
    """What has been booked: the row's id and the number that the caller is told."""

    id: int
    number: str


_COLUMNS = (
    "number replay_key service_id city_id slot_id mobile pin note_id language caller conversation_id stage version "
    "channel reason missing name address fee visit_fee created_at updated_at"
).split()
_bookings = table(Booking)
_known = ("id", "number", "slot_id", "mobile", "stage", "replay_key")
_KNOWN = Prepared(
    select(*(_bookings.c[name] for name in _known)).where(
        _bookings.c.conversation_id == bindparam("conversation"), _bookings.c.service_id == bindparam("service")
    )
)
_NEW = insert_new(Booking, *_COLUMNS, unique="number")
_FIRST = {"to_stage": STAGE, "why": "", "what": "stage"}
_EVENT = Prepared(insert(table(BookingEvent)).inline(), "booking_id", "at", "who", "to_stage", "why", "what")


def book(session: Session, now: datetime, rules: VisitRules, order: Order, notices: Notices | None = None) -> Booked:
    """The booking for `order`, made once however often it is asked for; one that was cancelled or moved since is not
    taken for it.

    Takes the seat that the conversation holds, or a free one when the hold has expired. Raises ServiceClosed,
    CityNotCovered, AreaUnknown, AreaNeeded, BadMobile, BadPin, NotFound (voice note), SlotClosed (closed since it was
    held), HoldLost, all before anything is written.
    `notices` are the texts to write (default: the project's own).
    """
    spot = Spot(order.city, order.area, order.starts_at, order.conversation, order.service)
    slot = lock_slot(session, now, rules, spot)
    before = _KNOWN.all(session, {"conversation": order.conversation, "service": order.service})
    known = [b for b in before if _is(b, order, slot)]
    if known:
        return Booked(known[0].id, known[0].number)
    service, values = _checked(session, slot, order)
    if any(b.replay_key == order.replay_key for b in before):
        values["replay_key"] += f"/{len(before)}"
    claim = _seat(session, now, rules, order, slot)
    made = _insert(session, {**values, "slot_id": slot.id, "created_at": now, "updated_at": now})
    wording = notices or project_notices()
    with pipelined(session):
        keep(session, claim, made.id)
        _EVENT.all(session, {"booking_id": made.id, "at": now, "who": str(order.by), **_FIRST})
        if STAGE in wording.texts:  # the first notice: there are no earlier ones to count or to drop
            to = Direct(values["mobile"], order.language, f"booking:{made.id}")
            said = just_booked(made.number, service, slot.city, utc(order.starts_at), values["visit_fee"])
            at_once = wording.answers(STAGE, order.by)
            columns = {"event": STAGE, "booking_id": made.id, "version": 1, "at_once": at_once}
            for row in composed(now, to, wording, said, columns):
                NEW_NOTICE["booking"].all(session, row)
    return made


def find_by_number(session: Session, number: str) -> Booking | None:
    """The booking with this number; None also for what can be no booking number."""
    this = select(Booking).where(Booking.number == number)
    return session.scalars(this).one_or_none() if valid_number(number) else None


def latest(session: Session, limit: int) -> list[Booking]:
    """The bookings made last, newest first."""
    return list(session.scalars(select(Booking).order_by(Booking.created_at.desc(), Booking.id.desc()).limit(limit)))


def _is(booking: Any, order: Order, slot: LockedSlot) -> bool:
    """Whether `booking` (of this conversation and service) is what `order` asks for, and stands."""
    same = booking.slot_id == slot.id and booking.mobile == mobile_digits(order.mobile)
    return bool(same and booking.stage != "cancelled")


def _checked(session: Session, slot: LockedSlot, order: Order) -> tuple[ServiceRow, dict[str, Any]]:
    """The service, and the columns that come from the order."""
    digits, pin = mobile_digits(order.mobile), pin_digits(order.pin)
    if digits is None:
        raise BadMobile
    if pin is None:
        raise BadPin
    if order.note is not None and session.get(VoiceNote, order.note) is None:
        raise NotFound(f"voice note {order.note}")
    start, service = local(order.starts_at), slot.service
    if service is None or not service.open_on(start.date()):
        raise ServiceClosed(order.service)
    if not slot.opening.has(start):
        raise SlotClosed("closed")
    return service, {
        "service_id": service.id,
        "city_id": order.city,
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
        "stage": STAGE,
        "fee": service.fee,
        "visit_fee": slot.opening.rules.visit_fee,
        "version": 1,
        "reason": "",
        "missing": [],
    }


def _seat(session: Session, now: datetime, rules: VisitRules, order: Order, slot: LockedSlot) -> Claim:
    """The held seat, or another one when the hold has run out meanwhile."""
    own = held(session, now, slot.id, order.conversation)
    if own is not None:
        return own
    if slot.opening.why_not(now, order.starts_at) is not None:
        raise HoldLost
    try:
        return claim_seat(session, now, (slot.id, slot.seats), order.conversation, hold_end(now, rules))
    except SlotTaken:
        raise HoldLost from None


def _insert(session: Session, values: dict[str, Any]) -> Booked:
    """The booking with a number of its own. Whoever is drawn a number that is taken draws again."""
    for _ in range(NUMBER_TRIES):
        number = booking_number()
        made = _NEW.first(session, {**values, "number": number})
        if made is not None:
            return Booked(made.id, number)
    raise RuntimeError(f"{NUMBER_TRIES} booking numbers drawn, and all of them taken")
