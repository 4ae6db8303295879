"""Complaints: registered, read, listed, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from flask import Response
from sqlalchemy.orm import Session

from booking.complaint_changes import Options
from booking.complaints import NewComplaint, assign, by_mobile, close, rate, register, reopen, resolve
from booking.complaints import answer as answer_it
from booking.confidential import Step, list_for, steps_seen_by
from booking.tracking import by_number as booking_by_number
from booking.zone import local
from console.api.answers import Changing, Creating, ForAll, check_match, shown
from console.api.bookings import CHANNEL, Event, Events
from console.api.client import client
from console.api.complaint_views import Complaint, Complaints, answer, find, of, view
from console.api.deps import changing, deps, now, reading
from console.api.fields import BookingNumber, ComplaintNumber, FullText, Id, Input, Language, Line, Path, Rating, Text
from console.api.operations import Op, Routes
from console.api.ownership import owned_by
from console.api.paging import FOREIGN, PageQuery, decoded, encoded, page
from console.api.problems import Refused
from console.api.replay import conversation, once
from models.complaints import Complaint as Row

routes = Routes("complaints", "Complaints")

Kind = Literal["delay", "bribe", "behaviour", "quality", "other"]
Stage = Literal["registered", "assigned", "answered", "resolved", "closed"]
CHANGE = ("not_owner", "not_allowed", "conflict")
BIGGEST_ID = 2**31 - 1


class ComplaintInput(Input):
    """What the citizen of the Mitan-Mobile header complains about: a service of ours or a department in words, a city
    or a place in words, a booking. A bribe is always confidential."""

    kind: Kind
    service: Id | None = None
    department: Line = ""
    city: Id | None = None
    place: Line = ""
    booking: BookingNumber | None = None
    text: Text = ""
    confidential: bool = False
    language: Language = "hi"


class ComplaintPath(Path):
    """A complaint."""

    number: ComplaintNumber


class OfficeQuery(PageQuery):
    """Which complaints of the office."""

    stage: Stage | None = None


class ComplaintWords(Input):
    """What the office says."""

    text: FullText


class ComplaintReason(Input):
    """Why; an agent says here what the citizen said."""

    why: Text = ""


class ComplaintRating(Input):
    """How satisfied the citizen is, 1 (not) to 5; from 3 on it closes the complaint."""

    rating: Rating


@routes.post("/complaints", Op("complaints:write", Complaint, 201, etag=True, key=True, codes=(
    "mobile_missing", "not_owner", "not_found", "city_not_covered", "bad_value")))  # fmt: skip
def create_complaint(header: Creating, body: ComplaintInput) -> Response:
    """Register a complaint"""
    client().stated()
    if not client().citizen and client().sees_as:
        raise Refused("forbidden", "An office does not complain: the citizen or an agent does.")
    return once(lambda session: _create(session, body))


@routes.get("/complaints", Op("complaints:read", Complaints, codes=("mobile_missing",)))
def list_complaints(header: ForAll, query: PageQuery) -> Response:
    """The complaints of a mobile number"""
    asking, mobile = client(), client().stated()
    # Who looks up a number could find out who has complained: an office must not be able to.
    if not asking.citizen and asking.sees_as:
        raise Refused("forbidden", "An office lists its complaints at /office/complaints.")
    with reading() as session:
        rows, more = page(by_mobile(session, mobile), query, lambda c: c.number)
        return shown(Complaints(items=[view(session, c) for c in rows], next=more))


@routes.get("/office/complaints", Op("complaints:office", Complaints))
def list_office_complaints(query: OfficeQuery) -> Response:
    """The complaints before the token's office"""
    after = None if query.cursor is None else _id_in(query.cursor)
    with reading() as session:
        seen = list_for(session, client().sees_as, stage=query.stage, after=after, limit=query.limit + 1)
        shown_ones = seen[: query.limit]
        more = encoded(shown_ones[-1].id) if len(seen) > query.limit else None
        return shown(Complaints(items=[of(session, c) for c in shown_ones], next=more))


@routes.get("/complaints/<number>", Op("complaints:read", Complaint, etag=True, codes=("not_owner",)))
def read_complaint(header: ForAll, path: ComplaintPath) -> Response:
    """One complaint"""
    with reading() as session:
        return answer(session, find(session, path.number))


@routes.get("/complaints/<number>/events", Op("complaints:read", Events, codes=("not_owner",)))
def list_complaint_events(header: ForAll, path: ComplaintPath, query: PageQuery) -> Response:
    """What happened to a complaint"""
    citizen = client().citizen
    with reading() as session:
        steps = steps_seen_by(find(session, path.number), "" if citizen else client().sees_as)
    rows, more = page(list(enumerate(steps)), query, lambda pair: pair[0])
    return shown(Events(items=[_event(step, citizen) for _, step in rows], next=more))


@routes.post("/complaints/<number>/assign", Op("complaints:office", Complaint, etag=True, match=True, codes=CHANGE))
def assign_complaint(header: Changing, path: ComplaintPath, body: ComplaintReason) -> Response:
    """Take a complaint on, for the token's office"""
    return _changed(path.number, lambda s, row, options: assign(s, now(), row, client().actor, body.why, **options))


@routes.post("/complaints/<number>/answer", Op("complaints:office", Complaint, etag=True, match=True, codes=(
    *CHANGE, "bad_value")))  # fmt: skip
def answer_complaint(header: Changing, path: ComplaintPath, body: ComplaintWords) -> Response:
    """Answer in the meantime"""
    return _changed(path.number, lambda s, row, options: answer_it(s, now(), row, client().actor, body.text, **options))


@routes.post("/complaints/<number>/resolve", Op("complaints:office", Complaint, etag=True, match=True, codes=(
    *CHANGE, "bad_value")))  # fmt: skip
def resolve_complaint(header: Changing, path: ComplaintPath, body: ComplaintWords) -> Response:
    """Answer finally"""
    return _changed(path.number, lambda s, row, options: resolve(s, now(), row, client().actor, body.text, **options))


@routes.post("/complaints/<number>/rate", Op("complaints:write", Complaint, etag=True, match=True, codes=CHANGE))
def rate_complaint(header: Changing, path: ComplaintPath, body: ComplaintRating) -> Response:
    """Rate how a complaint was resolved"""
    return _changed(path.number, lambda s, row, options: rate(s, now(), row, body.rating, client().actor, **options))


@routes.post("/complaints/<number>/reopen", Op("complaints:write", Complaint, etag=True, match=True, codes=(
    *CHANGE, "too_late")))  # fmt: skip
def reopen_complaint(header: Changing, path: ComplaintPath, body: ComplaintReason) -> Response:
    """Reopen a complaint that was not resolved well"""
    return _changed(path.number, lambda s, row, options: reopen(s, now(), row, client().actor, body.why, **options))


@routes.post("/complaints/<number>/close", Op("complaints:write", Complaint, etag=True, match=True, codes=(
    *CHANGE, "bad_value")))  # fmt: skip
def close_complaint(header: Changing, path: ComplaintPath, body: ComplaintReason) -> Response:
    """Close a complaint on the citizen's word"""
    return _changed(path.number, lambda s, row, options: close(s, now(), row, client().actor, body.why, **options))


def _create(session: Session, body: ComplaintInput) -> Response:
    if body.booking is not None:
        owned_by(booking_by_number(session, body.booking))
    what = NewComplaint(
        kind=body.kind,
        mobile=client().stated(),
        language=body.language,
        service=body.service,
        department=body.department,
        city=body.city,
        place=body.place,
        booking=body.booking,
        text=body.text,
        channel=CHANNEL,
        confidential=body.confidential,
        replay_key=conversation(),
    )
    return answer(session, register(session, now(), what, deps().wording, client().actor), 201)


def _changed(number: str, change: Callable[[Session, Row, Options], Any]) -> Response:
    with changing() as session:
        row = find(session, number)
        rules, wording = deps().complaint_rules, deps().wording
        change(session, row, {"expected_version": check_match(row), "wording": wording, "rules": rules})
        return answer(session, row)


def _id_in(cursor: str) -> int:
    last = decoded(cursor)
    if type(last) is not int or not 0 < last <= BIGGEST_ID:
        raise Refused("invalid", FOREIGN)
    return last


def _event(step: Step, citizen: bool) -> Event:
    return Event(
        at=local(step.at),
        what=step.what,
        from_stage=step.from_stage,
        to_stage=step.to_stage,
        who=None if citizen else step.who,
        why=None if citizen else step.why,
    )
