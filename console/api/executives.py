"""Executives: the day sheet, and who comes to a booking."""

from __future__ import annotations

from datetime import date, datetime

from flask import Response
from pydantic import BaseModel, Field

from booking.assignment import assign
from booking.daysheet import DayRow, as_csv, day_sheet
from booking.tracking import by_number
from booking.visits import second_visit
from console.api.answers import PERSONAL, Changing, ForAll, check_match, shown
from console.api.booked import Booking, answer
from console.api.bookings import BookingPath
from console.api.changes import CHANGE
from console.api.client import client
from console.api.deps import changing, deps, now, reading
from console.api.fields import Day, Input, Language, Line, Moment, Named, Query, Text
from console.api.operations import Op, Routes
from console.api.ownership import permit
from console.api.problems import Refused

routes = Routes("executives", "Executives")

CARD = r"^[A-Za-z0-9][A-Za-z0-9/.-]{0,39}$"


class DayQuery(Query):
    """Whose day, by the number on the identity card."""

    executive: str = Field(pattern=CARD)
    day: Day


class SheetQuery(DayQuery):
    """Whose day, in which language."""

    language: Language = "hi"


class Visit(BaseModel):
    """One visit. Fees in rupees, null: not known, 0: paid already. Name, address and mobile as the token may see
    them."""

    starts_at: datetime
    ends_at: datetime
    number: str
    stage: str
    purpose: str
    state: str
    service: str
    service_name: Named
    name: str | None
    address: str | None
    area: str
    pin: str
    mobile: str
    documents: list[str]
    fee: int | None
    visit_fee: int
    collect: int | None


class DaySheet(BaseModel):
    """The visits of an executive on a local day, in time order."""

    executive: str
    day: date
    items: list[Visit]


class Assignment(Input):
    """Who comes; without, the fairest choice of the team."""

    executive: str | None = Field(None, pattern=CARD)
    why: Text = ""


class SecondVisit(Input):
    """Another visit for what is missing; `missing` may be empty where the booking names it already."""

    starts_at: Moment
    missing: list[Line] = Field([], max_length=20)


@routes.get("/executives/day", Op("executives:read", DaySheet, codes=("not_found",)))
def read_day(header: ForAll, query: DayQuery) -> Response:
    """The day sheet of an executive"""
    items = [_visit(row) for row in _sheet(query)]
    return shown(DaySheet(executive=query.executive, day=query.day, items=items))


@routes.get("/executives/day.csv", Op("executives:read", None, codes=("not_found",), media="text/csv"))
def read_day_csv(header: ForAll, query: SheetQuery) -> Response:
    """The day sheet of an executive for a spreadsheet; needs the scope mobiles:read, too"""
    if "mobiles:read" not in client().scopes:
        raise Refused("forbidden", "The token has not the scope mobiles:read.")
    sheet = Response(as_csv(_sheet(query), query.language, deps().wording), content_type="text/csv; charset=utf-8")
    sheet.headers["Content-Disposition"] = f'attachment; filename="visits-{query.day}.csv"'
    sheet.headers["Cache-Control"] = PERSONAL
    return sheet


@routes.post("/bookings/<number>/assignment", Op("assignments:write", Booking, etag=True, match=True, codes=(
    *CHANGE, "nobody_free", "too_late")))  # fmt: skip
def assign_booking(header: Changing, path: BookingPath, body: Assignment) -> Response:
    """Assign a booking to an executive, or to another"""
    permit(path.number)
    with changing() as session:
        booking = by_number(session, path.number)
        seen = check_match(booking)
        assign(session, now(), booking, client().actor, body.executive, expected_version=seen, why=body.why,
               wording=deps().wording)  # fmt: skip
        return answer(session, booking)


@routes.post("/bookings/<number>/second-visit", Op("stages:write", Booking, etag=True, match=True, codes=(
    *CHANGE, "bad_value", "too_late", "service_closed", "slot_closed", "slot_taken")))  # fmt: skip
def agree_second_visit(header: Changing, path: BookingPath, body: SecondVisit) -> Response:
    """Agree on a second visit for missing documents"""
    permit(path.number)
    with changing() as session:
        booking = by_number(session, path.number)
        second_visit(session, now(), deps().rules, booking, body.starts_at, body.missing, client().actor,
                     expected_version=check_match(booking), wording=deps().wording)  # fmt: skip
        return answer(session, booking)


def _sheet(query: DayQuery) -> list[DayRow]:
    """The rows; an executive sees the own day only, a citizen's program none."""
    asking = client()
    if asking.citizen or (asking.role == "executive" and asking.person != query.executive):
        raise Refused("forbidden", "Not this executive's day.")
    with reading() as session:
        return day_sheet(session, deps().rules, query.executive, query.day)


def _visit(row: DayRow) -> Visit:
    personal = "mobiles:read" in client().scopes
    return Visit(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        number=row.number,
        stage=row.stage,
        purpose=row.purpose,
        state=row.state,
        service=row.service,
        service_name=Named(hi=row.service_hi, en=row.service_en),
        name=row.name if personal else None,
        address=row.address if personal else None,
        area=row.area,
        pin=row.pin,
        mobile=client().shown(row.mobile),
        documents=list(row.documents),
        fee=row.fee,
        visit_fee=row.visit_fee,
        collect=row.collect,
    )
