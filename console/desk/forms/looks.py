"""How the forms show days, times and numbers, in the page's language."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_time
from flask import Flask

from booking.zone import local
from console.desk.forms.deps import forms
from console.language import language
from console.words import Words


def install(flask: Flask) -> None:
    """Let templates use them."""
    filters = (the_day, the_time, day_and_time, from_iso, spaced, document_name, problem_text)
    flask.jinja_env.filters.update({one.__name__: one for one in filters})


def the_day(day: date) -> str:
    """Monday, 23 November."""
    return str(format_date(day, "EEEE, d MMMM", locale=language()))


def the_time(at: datetime) -> str:
    """10:00."""
    return str(format_time(local(at), "HH:mm", locale=language()))


def day_and_time(at: datetime) -> str:
    """Mon, 23 Nov, 10:00."""
    return str(format_datetime(local(at), "EEE, d MMM, HH:mm", locale=language()))


def from_iso(text: str) -> datetime:
    """A moment as events keep it."""
    return datetime.fromisoformat(text)


def spaced(number: str) -> str:
    """A number in groups, as people read it: 1234 5678, 312 345 678, 98123 45615."""
    size = {8: 4, 9: 3, 10: 5}.get(len(number), len(number) or 1)
    return " ".join(number[i : i + size] for i in range(0, len(number), size))


def document_name(id: str) -> str:
    """The name of a document, or what was typed for one."""
    return forms().document_name(language(), id)


def problem_text(words: Words, code: str, **values: object) -> str:
    """The sentence for a problem, with its values."""
    text = words.get(f"error_{code}") or words["error_error"]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
