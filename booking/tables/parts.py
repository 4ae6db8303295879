"""What several tables share: choices from the store, places in an order, hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from booking.services import cities
from booking.sheets.lines import Line
from booking.sheets.values import number, optional
from booking.tables.table import Choice, Column, meanings

LAST = 9999
POSITION = Column("position", "number")
HOURS = (Column("first_slot_h", "number"), Column("last_end_h", "number"), Column("seats", "number"))


def city_choices(session: Session) -> list[Choice]:
    """The covered cities."""
    return [Choice(city.id, city.hi, city.en) for city in cities(session)]


def city_reader(session: Session) -> Callable[[Line], str]:
    """A reader of the column `city` by id or name; of one that is not covered it gives what was written."""
    known = meanings(city_choices(session))

    def read(line: Line) -> str:
        text = line.cells.get("city", "")
        if text.casefold() not in known:
            line.wrong("city", "no_city", text=text)
        return known.get(text.casefold(), text)

    return read


def position_reader(taken: Sequence[int]) -> Callable[[Line], int]:
    """A reader of the column `position`: an empty cell is the place after all others."""
    after = count(max(taken, default=-1) + 1)

    def read(line: Line) -> int:
        written = line.value("position", optional(number(0, LAST)), None)
        return next(after) if written is None else written

    return read


def hours(line: Line) -> dict[str, int | None]:
    """Own hours (local) and seats; None keeps those of the place above."""
    first = line.value("first_slot_h", optional(number(0, 23)), None)
    last = line.value("last_end_h", optional(number(1, 24)), None)
    if first is not None and last is not None and first >= last:
        line.wrong("last_end_h", "end_before_begin")
    return {"first_slot_h": first, "last_end_h": last, "seats": line.value("seats", optional(number(0, 100)), None)}


def in_order(line: Line, since: date | None, until: date | None) -> None:
    """Note an end that lies before its beginning."""
    if since and until and until < since:
        line.wrong("until", "until_before_since", since=since)


def text(value: object) -> str:
    """A value as a cell; "" for None."""
    return "" if value is None else str(value)


def listed(values: Sequence[str]) -> str:
    """Several values as a cell."""
    return "; ".join(values)


def yes_no(value: bool) -> str:
    """A flag as a cell."""
    return "yes" if value else "no"
