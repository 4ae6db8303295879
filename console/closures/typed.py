"""What was typed into the forms of the calendar."""

from __future__ import annotations

from datetime import date

from flask import request

from booking.calendar_changes import Consent
from booking.calendar_fields import When
from booking.calendar_refusals import CalendarError

LONGEST = 500  # characters of a field that are looked at and given back


def typed(name: str) -> str:
    """What stands in a field of the form."""
    return request.form.get(name, "")[:LONGEST].strip()


def given(*names: str) -> dict[str, str]:
    """The fields of a form, to be shown again."""
    return {name: typed(name) for name in names}


def day_of(text: str) -> date | None:
    """A day as browsers send it; None: it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def when() -> When:
    """A weekday (field `weekday`), or one day (it is "day", field `day`). Raises CalendarError."""
    if typed("weekday") == "day":
        return When(day=day_of(typed("day")))
    return When(weekday=number("weekday"))


def number(name: str) -> int | None:
    """A whole number; None: nothing was typed. Raises CalendarError."""
    text = typed(name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise CalendarError("number", name)
    return int(text)


def consent() -> Consent | None:
    """What is to become of the bookings that were listed; None: they have not been."""
    then = typed("then")
    if then == "move" or then == "desk":
        return Consent("move" if then == "move" else "desk", typed("seen"))
    return None
