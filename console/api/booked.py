"""A booking as the interface shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from booking.tracking import Status, statuses
from booking.zone import local
from console.api.answers import shown
from console.api.client import client
from console.api.deps import deps, now
from console.api.fields import Language, Named
from models.bookings import Booking as Row


class Executive(BaseModel):
    """Who comes: the number on the identity card, and the name."""

    id: str
    name: Named


class Fee(BaseModel):
    """Rupees; null: not known."""

    department: int | None
    visit: int
    paid: bool


class Booking(BaseModel):
    """A booking. Times in Asia/Kolkata, days local; the mobile is masked, name and address null where the token may
    not see them."""

    number: str
    service: str
    service_name: Named
    city: str
    city_name: Named
    area: str
    stage: str
    next: str | None = Field(description="The stage that comes next in the ordinary course.")
    starts_at: datetime
    ends_at: datetime
    appointed: bool = Field(description="Whether that visit is still to come or under way.")
    executive: Executive | None
    fee: Fee
    due_on: date | None = Field(description="The day by which the certificate must be ready.")
    overdue: bool
    missing: list[str] = Field(description="Documents that are still needed.")
    reason: str = Field(description="Why it was cancelled or rejected.")
    movable: bool
    cancellable: bool
    change_until: datetime | None = Field(description="Until when the citizen may move or cancel.")
    mobile: str
    pin: str
    name: str | None
    address: str | None
    language: Language
    channel: str
    created_at: datetime
    updated_at: datetime


class Bookings(BaseModel):
    """A page of bookings, the newest first."""

    items: list[Booking]
    next: str | None


def answer(session: Session, row: Row, code: int = 200) -> Response:
    """The answer that shows `row` (of this session), with its version as ETag."""
    return shown(views(session, [row])[0], status=code, version=row.version)


def views(session: Session, rows: Sequence[Row]) -> list[Booking]:
    """What the asking token may see of `rows` (of this session)."""
    found = statuses(session, now(), deps().rules, rows)
    return [_view(row, at) for row, at in zip(rows, found, strict=True)]


def _view(row: Row, found: Status) -> Booking:
    asking = client()
    personal = "mobiles:read" in asking.scopes
    return Booking(
        number=row.number,
        service=row.service_id,
        service_name=Named(hi=row.service.hi, en=row.service.en),
        city=row.city_id,
        city_name=Named(hi=row.city.hi, en=row.city.en),
        area=found.area,
        stage=row.stage,
        next=found.next,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        appointed=found.appointed,
        executive=_executive(found),
        fee=Fee(department=found.fee.department, visit=found.fee.visit, paid=found.fee.paid),
        due_on=found.due_on,
        overdue=found.overdue,
        missing=list(found.missing),
        reason=found.reason,
        movable=found.movable,
        cancellable=found.cancellable,
        change_until=found.change_until,
        mobile=asking.shown(row.mobile),
        pin=row.pin,
        name=row.name if personal else None,
        address=row.address if personal else None,
        language="hi" if row.language == "hi" else "en",
        channel=row.channel,
        created_at=local(row.created_at),
        updated_at=found.updated_at,
    )


def _executive(found: Status) -> Executive | None:
    who = found.executive
    return Executive(id=who.id, name=Named(hi=who.hi, en=who.en)) if who else None
