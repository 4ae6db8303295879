"""Bookings: made, read and listed."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from booking.bookings import Order, book
from booking.holds import hold
from booking.tracking import by_mobile, by_number
from booking.zone import local
from console.api.answers import Creating, ForCitizen, Proving, shown
from console.api.booked import Booking, Bookings, answer, views
from console.api.client import client
from console.api.deps import deps, now, reading
from console.api.fields import BookingNumber, FullLine, FullText, Id, Input, Language, Moment, Path, Spelt
from console.api.operations import Op, Routes
from console.api.ownership import permit
from console.api.paging import PageQuery, page
from console.api.replay import conversation, once
from console.api.slots import HOLD_ID, PLACE, conversation_of
from models.bookings import BookingEvent

routes = Routes("bookings", "Bookings")

CHANNEL = "api"
MOST_OF_MOBILE = 1000  # bookings of one number that can be listed
NEW = (*PLACE, "mobile_missing", "service_closed", "bad_pin", "slot_closed", "slot_taken", "hold_lost")
OWN = ("not_owner", "locked")


class BookingInput(Input):
    """What the citizen of the Mitan-Mobile header books. `hold` is the seat held for it: without, or when it has run
    out, a free seat of the slot is taken."""

    service: Id
    city: Id
    area: Id | None = None
    starts_at: Moment
    pin: Spelt
    name: FullLine
    address: FullText
    language: Language = "hi"
    hold: str | None = Field(None, pattern=HOLD_ID)


class BookingPath(Path):
    """A booking."""

    number: BookingNumber


class Event(BaseModel):
    """One change of a record; `who` and `why` are null for programs that act for citizens."""

    at: datetime
    what: str
    from_stage: str | None
    to_stage: str
    who: str | None
    why: str | None


class Events(BaseModel):
    """A page of changes, the oldest first."""

    items: list[Event]
    next: str | None


@routes.post("/bookings", Op("bookings:write", Booking, 201, codes=NEW, etag=True, key=True))
def create_booking(header: Creating, body: BookingInput) -> Response:
    """Book a home visit"""
    client().stated()
    return once(lambda session: _create(session, body))


@routes.get("/bookings", Op("bookings:list", Bookings, codes=("mobile_missing",)))
def list_bookings(header: ForCitizen, query: PageQuery) -> Response:
    """The bookings of a mobile number"""
    mobile = client().stated()
    with reading() as session:
        rows, more = page(by_mobile(session, mobile, MOST_OF_MOBILE), query, lambda b: b.number)
        return shown(Bookings(items=views(session, rows), next=more))


@routes.get("/bookings/<number>", Op("bookings:read", Booking, codes=OWN, etag=True))
def read_booking(header: Proving, path: BookingPath) -> Response:
    """One booking: where it stands and what comes next"""
    permit(path.number)
    with reading() as session:
        return answer(session, by_number(session, path.number))


@routes.get("/bookings/<number>/events", Op("bookings:read", Events, codes=OWN))
def list_booking_events(header: Proving, path: BookingPath, query: PageQuery) -> Response:
    """What happened to a booking"""
    permit(path.number)
    with reading() as session:
        rows, more = page(by_number(session, path.number).events, query, lambda e: e.id)
        return shown(Events(items=[_event(e) for e in rows], next=more))


def _create(session: Session, body: BookingInput) -> Response:
    talk, area = conversation_of(body.hold) if body.hold else conversation(), body.area or ""
    if body.hold is None:  # so that a slot that is closed or full is called so, and not a hold that was lost
        hold(session, now(), deps().rules, body.city, body.starts_at, talk, area)
    order = Order(
        conversation=talk,
        service=body.service,
        city=body.city,
        starts_at=body.starts_at,
        mobile=client().stated(),
        pin=body.pin,
        language=body.language,
        area=area,
        channel=CHANNEL,
        by=client().actor,
        name=body.name,
        address=body.address,
    )
    booked = book(session, now(), deps().rules, order, deps().wording)
    return answer(session, by_number(session, booked.number), 201)


def _event(row: BookingEvent) -> Event:
    citizen = client().citizen
    return Event(
        at=local(row.at),
        what=row.what,
        from_stage=row.from_stage,
        to_stage=row.to_stage,
        who=None if citizen else row.who,
        why=None if citizen else row.why,
    )
