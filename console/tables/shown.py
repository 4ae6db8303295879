"""Cells as people read them, and the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from sqlalchemy.orm import Session

from booking.phone import mask
from booking.sheets.lines import Line
from booking.sheets.remarks import Remark
from booking.sheets.values import YES
from booking.tables.table import Cells, Column, Table
from console.tables.parts import WORDS

Options = Mapping[str, Mapping[str, str]]
"""By column: values and their names in the page's language."""


@dataclass(frozen=True)
class Field:
    """A field of the form: what stands in it, what is wrong with it, and what stands in the store now, where somebody
    else has changed it. `options` are value, name and whether it is chosen; `fixed` cannot be changed."""

    column: Column
    text: str
    problem: Remark | None = None
    now: str | None = None
    options: tuple[tuple[str, str, bool], ...] = ()
    fixed: bool = False

    @property
    def lines(self) -> str:
        """Several values, one a line."""
        return "\n".join(parted(self.text))

    @property
    def checked(self) -> bool:
        """Whether a flag is set."""
        return self.text.casefold() in YES

    @property
    def is_day(self) -> bool:
        """Whether a browser's field for days can show the text."""
        return not self.text or _day(self.text) is not None


def options_of(session: Session, table: Table[Any], language: str) -> Options:
    """The choices of all columns that have some."""
    flag = {"yes": WORDS[language]["yes"], "no": WORDS[language]["no"]}
    chosen = {c.name: {o.value: getattr(o, language) for o in c.choices(session)} for c in table.columns if c.choices}
    return {column.name: flag for column in table.columns if column.kind == "flag"} | chosen


def display(column: Column, text: str, options: Options, language: str) -> str:
    """A cell in a list, where private ones are masked."""
    return mask(text) if column.private else readable(column, text, options, language)


def readable(column: Column, text: str, options: Options, language: str) -> str:
    """A cell as it is read: choices by their names, days as they are written."""
    named = options.get(column.name, {})
    if column.kind == "choices":
        return "; ".join(named.get(value, value) for value in parted(text))
    day = _day(text) if column.kind == "date" else None
    return str(format_date(day, "d MMM y", locale=language)) if day else named.get(text, text)


@dataclass(frozen=True)
class Sent:
    """A row in a form: what was typed, or stands there, in `line`; `before` is what the store has, and is shown beside
    it where somebody was `overtaken`."""

    line: Line
    before: Cells | None
    overtaken: bool = False


def fields(table: Table[Any], sent: Sent, options: Options, language: str) -> list[Field]:
    """The fields of the form of a row."""
    wrong = {problem.column: problem.remark for problem in sent.line.problems}
    return [
        Field(
            column,
            text := sent.line.cells.get(column.name, ""),
            wrong.get(column.name),
            _now(column, text, sent, options, language),
            _offered(column, text, options.get(column.name, {})),
            fixed=sent.before is not None and column.name in table.keys,
        )
        for column in table.columns
    ]


def _now(column: Column, text: str, sent: Sent, options: Options, language: str) -> str | None:
    """What stands there now, where it is something else than was typed; None: nothing to tell."""
    there = (sent.before or {}).get(column.name, "")
    if not sent.overtaken or there == text or (column.kind == "flag" and (there == "yes") == (text in YES)):
        return None
    return readable(column, there, options, language)


def parted(text: str) -> list[str]:
    """Several values of a cell."""
    return [part for part in text.split("; ") if part]


def _offered(column: Column, text: str, named: Mapping[str, str]) -> tuple[tuple[str, str, bool], ...]:
    """The choices; what was typed and is none of them stays, too."""
    if column.kind not in ("choice", "choices"):
        return ()
    chosen = parted(text) if column.kind == "choices" else [text]
    strange = {value: value for value in chosen if value not in named}
    return tuple((value, name, value in chosen) for value, name in {**named, **strange}.items())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
