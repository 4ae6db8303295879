"""The agents' hours by weekday and day."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from booking.agent_days import DropAgents, SetAgents, agent_days
from booking.calendar_refusals import CalendarError
from console.accounts.parts import Problem
from console.closures.changing import carried
from console.closures.deps import calendar_deps
from console.closures.parts import for_keepers, for_readers, show
from console.closures.typed import given, number, typed, when
from console.deps import deps
from models.agent_days import AgentDay

PAGE = "calendar.agents"
FIELDS = ("weekday", "day", "open_h", "close_h", "closed", "reason", "version")


@for_readers
def page() -> Response:
    """The list, and a form: empty, or with one of the rows."""
    with deps().store.read() as session:
        fields = _fields(session.get(AgentDay, request.args.get("edit", 0, type=int)))
    return _page(fields)


@for_keepers
def save() -> Answer:
    """A row is added or changed."""
    try:
        hours = (None, None) if typed("closed") else (number("open_h"), number("close_h"))
        if not typed("closed") and hours == (None, None):
            raise CalendarError("hours_both", "open_h")
        return carried(SetAgents(when(), hours, typed("reason"), number("version") or 0), PAGE, "said_set")
    except CalendarError as error:
        return _page(given(*FIELDS), Problem(error.code, error.field))


@for_keepers
def drop(id: int) -> Answer:
    """A row is taken back."""
    try:
        return carried(DropAgents(id, number("version") or 0), PAGE, "said_dropped")
    except CalendarError as error:
        return _page({}, Problem(error.code, error.field))


def _page(fields: dict[str, str], problem: Problem | None = None) -> Response:
    with deps().store.read() as session:
        rows = agent_days(session)
    return show("agents", 400 if problem else 200, rows=rows, hours=calendar_deps().hours, given=fields,
                problem=problem)  # fmt: skip


def _fields(row: AgentDay | None) -> dict[str, str]:
    if row is None:
        return {}
    values = {
        "weekday": "day" if row.day else row.weekday, "day": row.day, "open_h": row.open_h, "close_h": row.close_h,
        "closed": row.open_h is None or None, "reason": row.reason, "version": row.version,
    }  # fmt: skip
    return {name: "" if value is None else str(value) for name, value in values.items()}
