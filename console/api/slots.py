"""Free slots, and holding one."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import Response
from pydantic import BaseModel, Field

from booking.errors import NotFound
from booking.free import Span, free_slots
from booking.holds import hold, release
from console.api.answers import nothing, shown
from console.api.client import client
from console.api.deps import changing, deps, now, reading
from console.api.fields import Day, Daypart, Id, Input, Moment, Path
from console.api.operations import Op, Routes
from console.api.paging import PageQuery, page_in_order

routes = Routes("slots", "Free slots and holds")

HOLD_ID = r"^[A-Za-z0-9_-]{16}$"
PLACE = ("city_not_covered", "area_unknown", "area_needed")


class SlotsQuery(PageQuery):
    """Where and when."""

    city: Id
    area: Id | None = Field(None, description="One of the city's; needed where it has areas.")
    first: Day | None = Field(None, alias="from", description="First local day.")
    last: Day | None = Field(None, alias="to", description="Last local day.")
    daypart: Daypart | None = None


class Slot(BaseModel):
    """A slot with so many free seats."""

    starts_at: datetime
    ends_at: datetime
    seats: int


class Slots(BaseModel):
    """A page of free slots in time order."""

    items: list[Slot]
    next: str | None


class HoldInput(Input):
    """What is to be held; `hold` is an earlier hold of this citizen, which is given up for it."""

    city: Id
    area: Id | None = None
    starts_at: Moment
    hold: str | None = Field(None, pattern=HOLD_ID)


class Hold(BaseModel):
    """A seat that is kept until `expires_at`."""

    hold: str
    starts_at: datetime
    expires_at: datetime


class HoldPath(Path):
    """A hold."""

    hold: str = Field(pattern=HOLD_ID)


@routes.get("/slots", Op("slots:read", Slots, codes=PLACE))
def list_slots(query: SlotsQuery) -> Response:
    """Free slots of a city"""
    span = Span(query.city, query.area or "", query.first, query.last, query.daypart)
    with reading() as session:
        free = free_slots(session, now(), deps().rules, span)
    rows, more = page_in_order(free, query, lambda r: r.starts_at.isoformat())  # all of one zone
    return shown(Slots(items=[Slot(starts_at=r.starts_at, ends_at=r.ends_at, seats=r.seats) for r in rows], next=more))


@routes.post("/holds", Op("bookings:write", Hold, 201, codes=(*PLACE, "slot_closed", "slot_taken")))
def create_hold(body: HoldInput) -> Response:
    """Hold a seat for some minutes"""
    id = body.hold or secrets.token_urlsafe(12)
    with changing() as session:
        kept = hold(session, now(), deps().rules, body.city, body.starts_at, conversation_of(id), area=body.area or "")
    return shown(Hold(hold=id, starts_at=kept.starts_at, expires_at=kept.expires_at), status=201)


@routes.delete("/holds/<hold>", Op("bookings:write", None, 204))
def release_hold(path: HoldPath) -> Response:
    """Give up a hold"""
    with changing() as session:
        if not release(session, conversation_of(path.hold)):
            raise NotFound("hold")
    return nothing()


def conversation_of(hold: str) -> str:
    """What stands for a conversation: a hold belongs to the token that made it."""
    return f"api-{client().id}-{hold}"
