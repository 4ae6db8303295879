"""What the tables of the calendar share: weekdays and days in one column, places, and what follows from changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from booking.sheets.lines import Line
from booking.sheets.remarks import Wrong
from booking.sheets.values import day
from booking.tables.executives import DAYS
from booking.tables.parts import city_choices
from booking.tables.table import Choice, meanings

EVERYWHERE = "everywhere"
LONGEST_REASON = 100  # characters
Weekly = tuple[int | None, date | None]
Yearly = tuple[date | None, str | None]
MONDAY: Weekly = (0, None)
NEVER: Yearly = (None, None)
"""What stands for a cell that cannot be read."""


def weekday_or_day(text: str) -> Weekly:
    """`mon` … `sun`, or a day. Raises Wrong."""
    if text.casefold()[:3] in DAYS and text.isalpha():
        return DAYS.index(text.casefold()[:3]), None
    return None, _day(text)


def day_or_yearly(text: str) -> Yearly:
    """A day, or the date of every year as `01-26` (month and day). Raises Wrong."""
    if not re.fullmatch(r"\d{2}-\d{2}", text, re.ASCII):
        return _day(text), None
    day(f"2024-{text}")  # a leap year has all of them
    return None, text


def _day(text: str) -> date:
    found = day(text)
    if found is None:
        raise Wrong("no_day", text=text)
    return found


def when_text(weekday: int | None, on: date | None) -> str:
    """A weekday or day as a cell."""
    return str(on) if on else DAYS[weekday or 0]


def reason(text: str) -> str:
    """One line. Raises Wrong."""
    if len(text) > LONGEST_REASON:
        raise Wrong("too_long", most=LONGEST_REASON)
    return " ".join(text.split())


def place_choices(session: Session) -> list[Choice]:
    """The covered cities, and everywhere."""
    return [Choice(EVERYWHERE, "सब जगह", "everywhere"), *city_choices(session)]


def place_reader(session: Session) -> Callable[[Line], str]:
    """A reader of the column `city`: its id, "" for everywhere."""
    known = meanings(place_choices(session))

    def read(line: Line) -> str:
        text = line.cells.get("city", "")
        found = known.get(text.casefold())
        if found is None:
            line.wrong("city", "no_city", text=text)
        return "" if found in (None, EVERYWHERE) else str(found)

    return read
