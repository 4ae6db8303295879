"""Appeals: whether one is possible, registered, read, decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from booking.appeals import NewAppeal, by_mobile, by_number, decide, eligible, register
from booking.confidential import appeal_seen_by, find_appeal_for
from booking.errors import BadValue, NotFound
from booking.tracking import by_number as booking_by_number
from booking.zone import local
from console.api.answers import Changing, Creating, ForAll, check_match, shown
from console.api.bookings import CHANNEL
from console.api.client import client
from console.api.complaint_views import find as find_complaint
from console.api.deps import changing, deps, now, reading
from console.api.fields import (
    AppealNumber,
    BookingNumber,
    ComplaintNumber,
    FullText,
    Input,
    Language,
    Path,
    Query,
    Text,
)
from console.api.operations import Op, Routes
from console.api.ownership import owned_by
from console.api.paging import PageQuery, page
from console.api.problems import Refused
from console.api.replay import conversation, once
from models.appeals import Appeal as Row
from models.bookings import Booking
from models.complaints import Complaint

routes = Routes("appeals", "Appeals")

ABOUT = ("not_owner", "not_found", "bad_value")


class AboutQuery(Query):
    """About what: one of the two."""

    booking: BookingNumber | None = None
    complaint: ComplaintNumber | None = None


class Eligibility(BaseModel):
    """Whether an appeal is possible now and which (1, 2; 3: before the commission), else why not. Days local."""

    ok: bool
    why: str = Field(description="in_time, finished, cancelled, too_late, pending, allowed or commission; '' when ok.")
    level: int
    ground: str | None
    from_day: date | None
    until_day: date | None
    decide_by: date | None
    number: str = Field(description="The earlier appeal.")


class AppealInput(Input):
    """What the citizen of the Mitan-Mobile header appeals against: a booking or a complaint."""

    booking: BookingNumber | None = None
    complaint: ComplaintNumber | None = None
    text: Text = ""
    language: Language = "hi"


class Appeal(BaseModel):
    """An appeal. Where `hidden`, the token's office may not know whose it is."""

    number: str
    level: int
    ground: str
    hidden: bool
    booking: str | None
    complaint: str | None
    text: str
    stage: str
    decide_by: date
    outcome: str
    order: str
    decided_at: datetime | None
    mobile: str | None
    language: str | None
    created_at: datetime
    updated_at: datetime


class Appeals(BaseModel):
    """A page of appeals, the newest first."""

    items: list[Appeal]
    next: str | None


class AppealPath(Path):
    """An appeal."""

    number: AppealNumber


class AppealOrder(Input):
    """The order on an appeal."""

    outcome: Literal["allowed", "dismissed"]
    order: FullText


@routes.get("/appeals/eligibility", Op("appeals:read", Eligibility, codes=ABOUT))
def read_eligibility(header: ForAll, query: AboutQuery) -> Response:
    """Whether an appeal is possible, and until when"""
    with reading() as session:
        may = eligible(session, now(), _about(session, query.booking, query.complaint), deps().appeal_rules)
    return shown(Eligibility(**{name: getattr(may, name) for name in Eligibility.model_fields}))


@routes.post("/appeals", Op("appeals:write", Appeal, 201, etag=True, key=True, codes=(
    *ABOUT, "mobile_missing", "too_early", "too_late", "not_allowed")))  # fmt: skip
def create_appeal(header: Creating, body: AppealInput) -> Response:
    """Register an appeal"""
    client().stated()
    if _office():
        raise Refused("forbidden", "An office does not appeal: the citizen or an agent does.")
    return once(lambda session: _create(session, body))


@routes.get("/appeals", Op("appeals:read", Appeals, codes=("mobile_missing",)))
def list_appeals(header: ForAll, query: PageQuery) -> Response:
    """The appeals of a mobile number"""
    mobile = client().stated()
    if _office():
        raise Refused("forbidden", "An office does not look up citizens.")
    with reading() as session:
        rows, more = page(by_mobile(session, mobile), query, lambda a: a.number)
        return shown(Appeals(items=[_view(session, a) for a in rows], next=more))


@routes.get("/appeals/<number>", Op("appeals:read", Appeal, etag=True, codes=("not_owner",)))
def read_appeal(header: ForAll, path: AppealPath) -> Response:
    """One appeal"""
    with reading() as session:
        return _answer(session, _found(session, path.number))


@routes.post("/appeals/<number>/decide", Op("appeals:decide", Appeal, etag=True, match=True, codes=(
    "not_owner", "not_allowed", "conflict", "bad_value")))  # fmt: skip
def decide_appeal(header: Changing, path: AppealPath, body: AppealOrder) -> Response:
    """Decide an appeal"""
    with changing() as session:
        row = _found(session, path.number)
        decide(
            session,
            now(),
            row,
            body.outcome,
            body.order,
            client().actor,
            office=_office(),
            expected_version=check_match(row),
            wording=deps().wording,
            rules=deps().appeal_rules,
        )
        return _answer(session, row)


def _about(session: Session, booking: str | None, complaint: str | None) -> Booking | Complaint:
    """What is appealed about, when it is the citizen's."""
    if (booking is None) == (complaint is None):
        raise BadValue("booking or complaint: the number of one of them")
    if complaint is not None:
        return find_complaint(session, complaint)
    found = booking_by_number(session, booking or "")
    owned_by(found)
    return found


def _create(session: Session, body: AppealInput) -> Response:
    _about(session, body.booking, body.complaint)
    what = NewAppeal(
        mobile=client().stated(),
        booking=body.booking,
        complaint=body.complaint,
        language=body.language,
        text=body.text,
        channel=CHANNEL,
        replay_key=conversation(),
    )
    wording, rules = deps().wording, deps().appeal_rules
    return _answer(session, register(session, now(), what, client().actor, wording=wording, rules=rules), 201)


def _found(session: Session, number: str) -> Row:
    """The appeal `number`, when the token may see it; raises NotFound, NotOwner, Refused."""
    if not client().citizen:
        return find_appeal_for(session, _office(), number)
    row = by_number(session, number)
    if row is None:
        raise NotFound(f"appeal {number}")
    owned_by(row)
    return row


def _office() -> str:
    return "" if client().citizen else client().sees_as


def _answer(session: Session, row: Row, code: int = 200) -> Response:
    return shown(_view(session, row), status=code, version=row.version)


def _view(session: Session, row: Row) -> Appeal:
    seen = appeal_seen_by(session, row, _office())
    booking = session.get(Booking, seen.booking_id) if seen.booking_id else None
    complaint = session.get(Complaint, seen.complaint_id) if seen.complaint_id else None
    return Appeal(
        number=seen.number,
        level=seen.level,
        ground=seen.ground,
        hidden=seen.hidden,
        booking=booking.number if booking else None,
        complaint=complaint.number if complaint else None,
        text=seen.text,
        stage=seen.stage,
        decide_by=seen.decide_by,
        outcome=seen.outcome,
        order=seen.order,
        decided_at=local(seen.decided_at) if seen.decided_at else None,
        mobile=client().shown(seen.mobile) if seen.mobile else None,
        language=seen.language,
        created_at=local(seen.created_at),
        updated_at=local(seen.updated_at),
    )
