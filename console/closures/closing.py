"""The month with its closed days: closing a day, and opening it again."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from booking.calendar_refusals import CalendarError
from booking.closures import CloseDay, LiftDay, closures
from booking.stranded import overfull
from booking.zone import local_day
from console.accounts.parts import Problem
from console.closures.changing import carried
from console.closures.deps import calendar_deps
from console.closures.month import shown_of, weeks
from console.closures.parts import for_keepers, for_readers, names_of, show
from console.closures.typed import day_of, given, typed
from console.deps import deps
from models.opening import Clearing

PAGE = "calendar.page"
FIELDS = ("day", "city", "calendar", "reason", "every_year")
ORDERS = 5  # that are shown


@for_readers
def page() -> Response:
    """A month, and the list of closed days."""
    return _page({"day": request.args.get("day", "")[:10]})


@for_keepers
def close() -> Answer:
    """A day is closed, or the bookings on it are shown first."""
    what = CloseDay(
        day_of(typed("day")), bool(typed("every_year")), typed("city"), typed("calendar") or "visits", typed("reason")
    )
    try:
        return carried(what, PAGE, "said_closed")
    except CalendarError as error:
        return _page(given(*FIELDS), Problem(error.code, error.field))


@for_keepers
def lift(id: str) -> Answer:
    """A closed day is open again."""
    try:
        return carried(LiftDay(id), PAGE, "said_lifted")
    except CalendarError as error:
        return _page({}, Problem(error.code, error.field))


def _page(fields: dict[str, str], problem: Problem | None = None) -> Response:
    now, rules = deps().now(), calendar_deps().rules
    with deps().store.read() as session:
        names = names_of(session)
        city = request.args.get("city", "")
        shown = shown_of(request.args.get("month", ""), local_day(now), city if city in names.cities else "")
        closed = [row for row in closures(session) if not row.lifted]
        coming = [row for row in closed if row.day is None or row.day >= local_day(now)]
        visits = [row for row in closed if row.calendar == "visits"]
        month = weeks(session, now, shown, visits)
        orders = session.scalars(select(Clearing).order_by(Clearing.id.desc()).limit(ORDERS)).all()
        full = overfull(session, now, rules)
    return show("page", 400 if problem else 200, shown=shown, month=month, today=local_day(now), closed=coming,
                orders=orders, full=full, names=names, given=fields, problem=problem)  # fmt: skip
