"""A booking as it stands in the form: filled in from the conversation, then as the agent has typed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy.orm import Session

from booking.areas import areas_of_pin, find_area
from booking.bookings import Order
from booking.details import LONGEST_ADDRESS, LONGEST_NAME
from booking.errors import BookingError
from booking.phone import mobile as mobile_digits
from booking.pin import in_state
from booking.slots import DAYPARTS
from console.desk.forms.parts import Problem, Problems, actor, typed
from console.desk.forms.source import Talk
from console.desk.forms.times import needs_area, start_of
from console.words import LANGUAGES
from models.bookings import Booking
from models.catalogue import CityRow, ServiceRow

FIELD_OF: Mapping[str, str] = {
    "service_closed": "service",
    "city_not_covered": "city",
    "area_unknown": "area",
    "area_needed": "area",
    "bad_mobile": "mobile",
    "bad_pin": "pin",
    "slot_closed": "slot",
    "slot_taken": "slot",
    "hold_lost": "slot",
}
"""Which field a refusal of the domain is about."""


@dataclass(frozen=True)
class Draft:
    """All as text, as it stands in the fields; `slot` is a local start time, `note` a voice note's id."""

    service: str = ""
    city: str = ""
    area: str = ""
    day: str = ""
    slot: str = ""
    name: str = ""
    address: str = ""
    pin: str = ""
    mobile: str = ""
    language: str = ""
    note: str = ""


def prefilled(talk: Talk) -> Draft:
    """What the conversation has collected."""
    said = talk.filled
    services, cities = _texts(said.get("services")), _texts(said.get("among_cities"))
    slot = _text(said.get("slot"))[:16]
    note = _note(talk)
    return Draft(
        service=_text(said.get("service")) or (services[0] if len(services) == 1 else ""),
        city=_text(said.get("city")) or (cities[0] if len(cities) == 1 else ""),
        area=_text(said.get("area")),
        day=_text(said.get("date")) or slot[:10],
        slot=slot,
        address=note[1],
        pin=_text(said.get("pin")),
        mobile=_text(said.get("mobile")) or talk.mobile,
        language=talk.language,
        note=note[0],
    )


def sent() -> Draft:
    """As it was typed."""
    return Draft(**{field.name: typed(field.name) for field in fields(Draft)})


def of_booking(row: Booking) -> Draft:
    """What stands in a booking of the citizen."""
    return Draft(name=row.name, address=row.address, pin=row.pin, language=row.language)


def wrong(session: Session, draft: Draft) -> Problems:
    """What has to be corrected, by field, before it can be booked."""
    found = {name: Problem(f"no_{name}") for name in ("service", "city", "slot") if not getattr(draft, name)}
    if draft.slot and start_of(draft.slot) is None:
        found["slot"] = Problem("no_slot")
    if draft.city and needs_area(session, draft.city) and not draft.area:
        found["area"] = Problem("area_needed")
    return {**found, **wrong_address(draft), **_wrong_mobile(draft)}


def wrong_for_waiting(session: Session, draft: Draft) -> Problems:
    """The same for a place on the waiting list, which needs no time, and a PIN code only when the seat is taken."""
    unasked = {"slot"} if draft.pin else {"slot", "pin"}
    return {field: problem for field, problem in wrong(session, draft).items() if field not in unasked}


def wrong_address(draft: Draft) -> Problems:
    """The same for name, address and PIN code."""
    found: Problems = {}
    if len(draft.name) > LONGEST_NAME:
        found["name"] = Problem("too_long", {"n": LONGEST_NAME})
    if len(draft.address) > LONGEST_ADDRESS:
        found["address"] = Problem("too_long", {"n": LONGEST_ADDRESS})
    if not in_state(draft.pin):
        found["pin"] = Problem("bad_pin")
    return found


def order_of(draft: Draft, talk: Talk) -> Order:
    """What is booked; after `wrong` has found nothing."""
    start = start_of(draft.slot)
    assert start is not None
    return Order(
        conversation=talk.conversation,
        service=draft.service,
        city=draft.city,
        area=draft.area,
        starts_at=start,
        mobile=draft.mobile,
        pin=draft.pin,
        note=note_of(draft, talk),
        language=language_of(draft, talk),
        caller=talk.caller,
        channel="desk",
        by=actor(),
        name=draft.name,
        address=draft.address,
    )


def note_of(draft: Draft, talk: Talk) -> str | None:
    """The chosen voice note, if it is one of this conversation."""
    return draft.note if draft.note in {n.id for n in talk.notes} else None


def language_of(draft: Draft, talk: Talk) -> str:
    """The language of the notices."""
    return draft.language if draft.language in LANGUAGES else talk.language


def daypart(talk: Talk) -> str | None:
    """The part of day that the caller has wished for."""
    return next((one for one in DAYPARTS if one == talk.filled.get("daypart")), None)


def refused(error: BookingError) -> Problems:
    """Where the form says what the domain has refused."""
    return {FIELD_OF.get(error.code, ""): Problem(error.code)}


def known(session: Session, draft: Draft) -> Draft:
    """`draft` without what is not in the catalogue (any more); the area by the PIN code where only one has it."""
    service = draft.service if session.get(ServiceRow, draft.service) else ""
    city = draft.city if session.get(CityRow, draft.city) else ""
    area = _area(session, city, draft)
    return Draft(**{**vars(draft), "service": service, "city": city, "area": area})


def _area(session: Session, city: str, draft: Draft) -> str:
    if not city:
        return ""
    try:
        return find_area(session, city, draft.area).id
    except BookingError:
        fitting = areas_of_pin(session, city, draft.pin) if draft.pin else []
    return fitting[0].id if len(fitting) == 1 else ""


def _wrong_mobile(draft: Draft) -> Problems:
    return {} if mobile_digits(draft.mobile) else {"mobile": Problem("bad_mobile")}


def _note(talk: Talk) -> tuple[str, str]:
    """The voice note's id, and the address where it was typed instead of spoken."""
    id = _text(talk.filled.get("note"))
    row = next((n for n in talk.notes if n.id == id), None)
    if row is None:
        return "", ""
    return row.id, row.text if not row.seconds else ""


def _texts(value: Any) -> list[str]:
    return [_text(one) for one in value] if isinstance(value, list | tuple) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
