"""The waiting list: a place in the line, an offer taken, the line left."""

from __future__ import annotations

from datetime import date, datetime

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from booking.errors import NotFound
from booking.waiting import NewWaiting, Taking, find, join, leave, of_mobile, take
from booking.zone import local
from console.api.answers import Changing, Creating, ForAll, check_match, shown
from console.api.booked import Booking
from console.api.booked import answer as booked
from console.api.bookings import CHANNEL
from console.api.client import client
from console.api.deps import changing, deps, now, reading
from console.api.fields import Day, Daypart, FullLine, FullText, Id, Input, Language, Path, Spelt
from console.api.operations import Op, Routes
from console.api.paging import PageQuery, page_in_order
from console.api.replay import conversation, once
from console.api.slots import PLACE
from models.bookings import Booking as BookingRow
from models.waiting import Waiting as Row

routes = Routes("waiting", "Waiting list")

BIGGEST_ID = 2**31 - 1
TAKE = ("service_closed", "slot_closed", "hold_lost", "too_late", "not_allowed", "conflict", "bad_pin")


class WaitingInput(Input):
    """What the citizen of the Mitan-Mobile header waits for, on one of these local days."""

    service: Id
    city: Id
    area: Id | None = None
    first_day: Day
    last_day: Day
    daypart: Daypart | None = None
    pin: Spelt = ""
    language: Language = "hi"


class Waiting(BaseModel):
    """A place in the line: waiting, offered (a seat is held until `offer_until`), taken, lapsed or left."""

    id: int
    service: str
    city: str
    area: str
    first_day: date
    last_day: date
    daypart: str | None
    state: str
    starts_at: datetime | None = Field(description="The slot that is offered, or was taken.")
    offer_until: datetime | None
    booking: str | None
    mobile: str
    created_at: datetime
    updated_at: datetime


class WaitingList(BaseModel):
    """A page of places, offered ones first, then the newest."""

    items: list[Waiting]
    next: str | None


class WaitingPath(Path):
    """A place in the line."""

    id: int = Field(ge=1, le=BIGGEST_ID)


class WaitingTaken(Input):
    """What is still needed for the visit."""

    pin: Spelt
    name: FullLine
    address: FullText


class WaitingLeft(Input):
    """An empty object."""


@routes.post("/waiting", Op("waiting:write", Waiting, 201, etag=True, key=True, codes=(
    *PLACE, "mobile_missing", "service_closed", "bad_pin", "bad_value")))  # fmt: skip
def join_waiting(header: Creating, body: WaitingInput) -> Response:
    """Join the waiting list"""
    client().stated()
    return once(lambda session: _join(session, body))


@routes.get("/waiting", Op("waiting:read", WaitingList, codes=("mobile_missing",)))
def list_waiting(header: ForAll, query: PageQuery) -> Response:
    """Where a mobile number stands in line"""
    mobile = client().stated()
    with reading() as session:
        rows, more = page_in_order(of_mobile(session, mobile), query, lambda w: [w.state, -w.id])
        return shown(WaitingList(items=[_view(session, w) for w in rows], next=more))


@routes.get("/waiting/<id>", Op("waiting:read", Waiting, etag=True))
def read_waiting(header: ForAll, path: WaitingPath) -> Response:
    """One place in the line"""
    with reading() as session:
        return _answer(session, _found(session, path.id))


@routes.post("/waiting/<id>/take", Op("waiting:write", Booking, 201, etag=True, match=True, codes=(*PLACE, *TAKE)))
def take_waiting(header: Changing, path: WaitingPath, body: WaitingTaken) -> Response:
    """Book the seat that is offered"""
    with changing() as session:
        row = _found(session, path.id)
        seen = check_match(row)
        details = Taking(pin=body.pin, name=body.name, address=body.address, channel=CHANNEL, by=client().actor)
        made = take(session, now(), deps().rules, row, details, wording=deps().wording, expected_version=seen)
        return booked(session, made, 201)


@routes.post("/waiting/<id>/leave", Op("waiting:write", Waiting, etag=True, match=True, codes=(
    "not_allowed", "conflict")))  # fmt: skip
def leave_waiting(header: Changing, path: WaitingPath, body: WaitingLeft) -> Response:
    """Leave the waiting list"""
    with changing() as session:
        row = _found(session, path.id)
        return _answer(session, leave(session, now(), row, check_match(row)))


def _join(session: Session, body: WaitingInput) -> Response:
    talk = conversation()
    what = NewWaiting(
        service=body.service,
        city=body.city,
        area=body.area or "",
        first_day=body.first_day,
        last_day=body.last_day,
        daypart=body.daypart,
        mobile=client().stated(),
        pin=body.pin,
        conversation=talk,
        language=body.language,
        replay_key=talk,
    )
    return _answer(session, join(session, now(), what, deps().wording), 201)


def _found(session: Session, id: int) -> Row:
    """The place, for who may see it; places are numbered in order, so that of another is as if it were not there."""
    row = find(session, id)
    if client().citizen and client().mobile != row.mobile:
        raise NotFound(f"waiting {id}")
    return row


def _answer(session: Session, row: Row, code: int = 200) -> Response:
    return shown(_view(session, row), status=code, version=row.version)


def _view(session: Session, row: Row) -> Waiting:
    booking = session.get(BookingRow, row.booking_id) if row.booking_id else None
    return Waiting(
        id=row.id,
        service=row.service_id,
        city=row.city_id,
        area=row.area,
        first_day=row.first_day,
        last_day=row.last_day,
        daypart=row.daypart,
        state=row.state,
        starts_at=local(row.slot.starts_at) if row.slot and row.state != "waiting" else None,
        offer_until=local(row.offer_until) if row.offer_until else None,
        booking=booking.number if booking else None,
        mobile=client().shown(row.mobile),
        created_at=local(row.created_at),
        updated_at=local(row.updated_at),
    )
