"""The waiting list: a place in the line for a seat, taken up when one is offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.areas import check_place
from booking.bookings import Order, book
from booking.errors import BadMobile, BadPin, BadValue, Conflict, NotAllowed, NotFound, TooLate
from booking.holds import release
from booking.notices import Notices, withdraw, write_notice
from booking.offers import Lapse, Report, conversation_of, lapse_due, lock_row, offer_freed, pass_on
from booking.phone import mobile as mobile_digits
from booking.pin import pin as pin_digits
from booking.rules import VisitRules
from booking.services import service_on
from booking.slots import DAYPARTS
from booking.versions import advance
from booking.zone import local_day
from models.bookings import Booking
from models.catalogue import CityRow
from models.voice_notes import VoiceNote
from models.waiting import Waiting

__all__ = [
    "Lapse",
    "NewWaiting",
    "Report",
    "Taking",
    "days_for",
    "find",
    "join",
    "lapse_due",
    "leave",
    "of_mobile",
    "offer_freed",
    "take",
]

LONGEST_DAYS = 92  # from the first to the last wished day
IN_LINE = ("waiting", "offered")
WISH = ("area", "first_day", "last_day", "daypart")


@dataclass(frozen=True)
class NewWaiting:
    """What a citizen waits for: a visit on one of the local days `first_day`…`last_day`, in a part of day (None: any).

    `pin` and `note` may still be missing: they are asked for when the seat is taken. `replay_key` names what the
    conversation or the program asked for.
    """

    service: str
    city: str
    first_day: date
    last_day: date
    mobile: str
    conversation: str
    daypart: str | None = None
    area: str = ""
    pin: str = ""
    note: str | None = None
    language: str = "hi"
    caller: str | None = None
    replay_key: str | None = None


@dataclass(frozen=True)
class Taking:
    """What is added when the seat is taken: the PIN code and the voice note's id where they were not given at joining,
    name and address where they are typed, over which channel, and who takes it."""

    pin: str = ""
    note: str | None = None
    name: str = ""
    address: str = ""
    channel: str = "phone"
    by: Actor = CALLER


class Options(TypedDict, total=False):
    """The wording of notices (default: the project's own), the version the actor has seen."""

    wording: Notices | None
    expected_version: int | None


def days_for(now: datetime, rules: VisitRules, wished: date | None) -> tuple[date, date]:
    """The first and the last day of a place in the line: from the day wished for (None: tomorrow), as many days on as
    can be booked."""
    first = max(wished or local_day(now) + timedelta(days=1), local_day(now))
    return first, first + timedelta(days=rules.ahead_days)


def join(session: Session, now: datetime, what: NewWaiting, wording: Notices | None = None) -> Waiting:
    """A place at the end of the line; a citizen who already waits for this service in this city keeps that one, for
    what is wished now.

    Raises BadMobile, BadPin, BadValue (days, part of day), ServiceClosed (on the first day), CityNotCovered,
    AreaUnknown, AreaNeeded, NotFound (voice note).
    """
    row = _checked(session, now, what)
    # One citizen may call on two lines: those who join in a city wait for one another.
    session.execute(select(CityRow.id).where(CityRow.id == what.city).with_for_update(key_share=True))
    known = _known(session, what, row.mobile)
    if known is not None:
        return _wished(session, now, known, row) if known.replay_key != what.replay_key else known
    session.add(row)
    session.flush()
    session.refresh(row)
    write_notice(session, now, row, "waiting_joined", wording)
    return row


def take(
    session: Session,
    now: datetime,
    rules: VisitRules,
    waiting: Waiting,
    details: Taking = Taking(),
    **options: Unpack[Options],
) -> Booking:
    """Book the seat that is offered; taking it again gives the same booking.

    Raises Conflict, NotAllowed (nothing is offered), TooLate (the offer is over), BadPin and whatever `book` raises.
    """
    lock_row(session, waiting)
    if waiting.booking_id is not None:
        return session.get_one(Booking, waiting.booking_id)
    _unchanged(waiting, options.get("expected_version"))
    if waiting.state != "offered" or waiting.slot is None or waiting.offer_until is None:
        raise NotAllowed(f"taking a seat when {waiting.state}")
    if now >= waiting.offer_until:
        raise TooLate(f"until {waiting.offer_until.isoformat()}")
    order = Order(
        conversation=conversation_of(waiting),
        service=waiting.service_id,
        city=waiting.city_id,
        area=waiting.area,
        starts_at=waiting.slot.starts_at,
        mobile=waiting.mobile,
        pin=details.pin or waiting.pin,
        note=details.note or waiting.note_id,
        language=waiting.language,
        caller=waiting.caller,
        channel=details.channel,
        by=details.by,
        name=details.name,
        address=details.address,
    )
    booked = book(session, now, rules, order, options.get("wording"))
    advance(session, now, waiting, state="taken", booking_id=booked.id)
    withdraw(session, now, waiting, "waiting_offer")
    return session.get_one(Booking, booked.id)


def decline(session: Session, now: datetime, waiting: Waiting, wording: Notices | None = None) -> bool:
    """Give up the seat that is offered, which is not offered to this one again; whether the place in the line stays, as
    after an offer that was not taken in time. Raises NotAllowed: nothing is offered."""
    lock_row(session, waiting)
    if waiting.state != "offered":
        raise NotAllowed(f"declining a seat when {waiting.state}")
    withdraw(session, now, waiting, "waiting_offer")
    return pass_on(session, now, waiting, wording, declined=waiting.slot_id)


def leave(session: Session, now: datetime, waiting: Waiting, expected_version: int | None = None) -> Waiting:
    """Give up the place in the line, and the seat that is offered. Again it changes nothing. Raises NotAllowed for one
    that was taken, Conflict where it is no longer at the version that the actor has seen."""
    lock_row(session, waiting)
    _unchanged(waiting, expected_version)
    if waiting.state == "taken":
        raise NotAllowed("the seat is booked: cancel the booking")
    if waiting.state in IN_LINE:
        release(session, conversation_of(waiting))
        advance(session, now, waiting, state="left", slot_id=None, offer_until=None)
        withdraw(session, now, waiting, "waiting_offer")
    return waiting


def of_mobile(session: Session, mobile: str) -> list[Waiting]:
    """Where a mobile number in any spelling stands in line: what is offered first, then newest first."""
    mine = select(Waiting).where(Waiting.mobile == (mobile_digits(mobile) or ""), Waiting.state.in_(IN_LINE))
    # "offered" comes before "waiting" in the alphabet.
    return list(session.scalars(mine.order_by(Waiting.state, Waiting.id.desc())))


def find(session: Session, waiting: int) -> Waiting:
    """The place with this id, in any state; raises NotFound."""
    row = session.get(Waiting, waiting)
    if row is None:
        raise NotFound(f"waiting {waiting}")
    return row


def _unchanged(waiting: Waiting, expected_version: int | None) -> None:
    """Raises Conflict where the place, read anew, is no longer as the actor has seen it: a job may have offered a seat
    that would be thrown away."""
    if expected_version not in (None, waiting.version):
        raise Conflict(f"waiting {waiting.id}")


def _known(session: Session, what: NewWaiting, mobile: str) -> Waiting | None:
    if what.replay_key is not None:
        replayed = session.scalars(select(Waiting).where(Waiting.replay_key == what.replay_key)).one_or_none()
        if replayed is not None:
            return replayed
    same = select(Waiting).where(
        Waiting.mobile == mobile,
        Waiting.service_id == what.service,
        Waiting.city_id == what.city,
        Waiting.state.in_(IN_LINE),
    )
    return session.scalars(same.order_by(Waiting.id).limit(1)).one_or_none()


def _wished(session: Session, now: datetime, known: Waiting, new: Waiting) -> Waiting:
    """`known`, waiting for what `new` wishes; an offer that is being considered stays as it is."""
    lock_row(session, known)
    changed = {name: getattr(new, name) for name in WISH if getattr(known, name) != getattr(new, name)}
    if changed and known.state == "waiting":
        advance(session, now, known, **changed)
    return known


def _checked(session: Session, now: datetime, what: NewWaiting) -> Waiting:
    mobile, pin = mobile_digits(what.mobile), pin_digits(what.pin) if what.pin else ""
    if mobile is None:
        raise BadMobile
    if pin is None:
        raise BadPin
    first = max(what.first_day, local_day(now))
    if not first <= what.last_day or (what.last_day - first).days > LONGEST_DAYS:
        raise BadValue(f"days: from today on, at most {LONGEST_DAYS}")
    if what.daypart is not None and what.daypart not in DAYPARTS:
        raise BadValue(f"daypart: one of {', '.join(DAYPARTS)}")
    if what.note is not None and session.get(VoiceNote, what.note) is None:
        raise NotFound(f"voice note {what.note}")
    check_place(session, what.city, what.area)
    service_on(session, what.service, first)
    return Waiting(
        replay_key=what.replay_key,
        service_id=what.service,
        city_id=what.city,
        area=what.area,
        first_day=first,
        last_day=what.last_day,
        daypart=what.daypart,
        mobile=mobile,
        pin=pin,
        note_id=what.note,
        language=what.language,
        caller=what.caller,
        conversation_id=what.conversation,
        state="waiting",
        created_at=now,
        updated_at=now,
    )
