"""Complaints as the asking token may see them; an office never sees the complainant of a confidential one."""

from __future__ import annotations

from datetime import date, datetime

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from booking.complaints import by_number, reopen_until
from booking.confidential import ComplaintView, find_for, seen_by
from booking.errors import NotFound
from booking.zone import local
from console.api.answers import shown
from console.api.client import client
from console.api.deps import deps
from console.api.ownership import owned_by
from models.bookings import Booking
from models.complaints import Complaint as Row


class Complaint(BaseModel):
    """A complaint. Where `hidden`, the token's office may not know who complains: mobile, booking and language are
    null, numbers in the texts are x."""

    number: str
    kind: str
    confidential: bool
    hidden: bool
    service: str | None
    department: str
    city: str | None
    place: str
    text: str
    booking: str | None
    stage: str
    level: int = Field(description="To which office it has risen.")
    due_at: datetime | None = Field(description="When it rises next.")
    answer: str
    resolved_at: datetime | None
    rating: int | None
    reopened: int
    reopen_until: date | None
    mobile: str | None
    language: str | None
    created_at: datetime
    updated_at: datetime


class Complaints(BaseModel):
    """A page of complaints, the newest first."""

    items: list[Complaint]
    next: str | None


def find(session: Session, number: str) -> Row:
    """The complaint `number`, when the token may see it; raises NotFound, NotOwner, Refused."""
    asking = client()
    if not asking.citizen:
        return find_for(session, asking.sees_as, number)
    row = by_number(session, number)
    if row is None:
        raise NotFound(f"complaint {number}")
    owned_by(row)
    return row


def answer(session: Session, row: Row, code: int = 200) -> Response:
    """The answer that shows `row` (of this session), with its version as ETag."""
    return shown(view(session, row), status=code, version=row.version)


def view(session: Session, row: Row) -> Complaint:
    """What the asking token may see of `row` (of this session)."""
    office = "" if client().citizen else client().sees_as
    return of(session, seen_by(row, office))


def of(session: Session, seen: ComplaintView) -> Complaint:
    """`seen` in the interface's own words."""
    booking = session.get(Booking, seen.booking_id) if seen.booking_id else None
    return Complaint(
        number=seen.number,
        kind=seen.kind,
        confidential=seen.confidential,
        hidden=seen.hidden,
        service=seen.service_id,
        department=seen.department,
        city=seen.city_id,
        place=seen.place,
        text=seen.text,
        booking=booking.number if booking else None,
        stage=seen.stage,
        level=seen.level,
        due_at=local(seen.due_at) if seen.due_at else None,
        answer=seen.answer,
        resolved_at=local(seen.resolved_at) if seen.resolved_at else None,
        rating=seen.rating,
        reopened=seen.reopened,
        reopen_until=reopen_until(seen, deps().complaint_rules),
        mobile=client().shown(seen.mobile) if seen.mobile else None,
        language=seen.language,
        created_at=local(seen.created_at),
        updated_at=local(seen.updated_at),
    )
