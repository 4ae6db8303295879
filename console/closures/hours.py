"""Hours and seats by weekday and day."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from booking.calendar_refusals import CalendarError
from booking.day_rules import DropDay, SetDay, day_rules
from console.accounts.parts import Problem
from console.closures.changing import carried
from console.closures.deps import calendar_deps
from console.closures.parts import for_keepers, for_readers, names_of, show
from console.closures.typed import given, number, typed, when
from console.deps import deps
from models.opening import CityHours, DayRule

PAGE = "calendar.hours"
FIELDS = ("place", "weekday", "day", "first_slot_h", "last_end_h", "closed", "seats", "reason", "version")


@for_readers
def page() -> Response:
    """The list, and a form: empty, or with one of the rows."""
    with deps().store.read() as session:
        fields = _fields(session.get(DayRule, request.args.get("edit", 0, type=int)))
    return _page(fields)


@for_keepers
def save() -> Answer:
    """A row is added or changed."""
    try:
        city, _, area = typed("place").partition("/")
        hours = (0, 0) if typed("closed") else (number("first_slot_h"), number("last_end_h"))
        what = SetDay(city, area, when(), hours, number("seats"), typed("reason"), number("version") or 0)
        return carried(what, PAGE, "said_set")
    except CalendarError as error:
        return _page(given(*FIELDS), Problem(error.code, error.field))


@for_keepers
def drop(id: int) -> Answer:
    """A row is taken back."""
    try:
        return carried(DropDay(id, number("version") or 0), PAGE, "said_dropped")
    except CalendarError as error:
        return _page({}, Problem(error.code, error.field))


def _page(fields: dict[str, str], problem: Problem | None = None) -> Response:
    with deps().store.read() as session:
        names, rows = names_of(session), day_rules(session)
        usual = [(city, session.get(CityHours, city)) for city in names.cities]
        own = [(names.place(city), row) for city, row in usual if row is not None]
    return show("hours", 400 if problem else 200, rows=rows, rules=calendar_deps().rules, own=own, names=names,
                given=fields, problem=problem)  # fmt: skip


def _fields(row: DayRule | None) -> dict[str, str]:
    if row is None:
        return {}
    closed = row.first_slot_h is not None and row.first_slot_h == row.last_end_h
    values = {
        "place": f"{row.city_id}/{row.area}", "weekday": "day" if row.day else row.weekday, "day": row.day,
        "first_slot_h": None if closed else row.first_slot_h, "last_end_h": None if closed else row.last_end_h,
        "closed": closed or None, "seats": row.seats, "reason": row.reason, "version": row.version,
    }  # fmt: skip
    return {name: "" if value is None else str(value) for name, value in values.items()}
