"""Tables that people send as CSV files: reading them, and saying what is wrong in which row and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import TypeVar

LONGEST = 5_000_000  # bytes; a table of ten thousand rows has about one million

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place of the file and what to do about it; row 1 is the heading, row 0 the file itself."""

    row: int
    column: str
    remedy: str

    def __str__(self) -> str:
        """`row 3, mobile: …`."""
        place = f"row {self.row}" if self.row else "the file"
        return f"{place}{f', {self.column}' if self.column else ''}: {self.remedy}"


class SheetError(Exception):
    """The file is no table that could be checked."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass
class Line:
    """A row of the table: its number, its cells by column, and what was found wrong in it."""

    row: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def value(self, column: str, read: Callable[[str], _Value], fallback: _Value) -> _Value:
        """What `read` makes of the cell; it raises ValueError with the remedy, which is noted, and `fallback` taken."""
        try:
            return read(self.cells.get(column, ""))
        except ValueError as error:
            self.wrong(column, str(error))
            return fallback

    def wrong(self, column: str, remedy: str) -> None:
        """Note what is wrong in a cell."""
        self.problems.append(Problem(self.row, column, remedy))


def lines(data: bytes, needed: Collection[str], further: Collection[str] = ()) -> Iterator[Line]:
    """The rows of a CSV file in UTF-8 with a heading; commas, semicolons or tabs between cells, empty rows passed over.

    Raises SheetError: not such a file, a column missing, unknown or named twice.
    """
    table = _table(_text(data))
    heading = [_plain(cell).lower() for cell in next(table, [])]
    _check_heading(heading, needed, further)
    for row, cells in enumerate(table, 2):
        if any(cell.strip() for cell in cells):
            line = Line(row, dict(zip(heading, map(_plain, cells), strict=False)))
            if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
                line.wrong("", f"has {len(cells)} cells, the heading {len(heading)}: put text with commas in quotes.")
            yield line


def day(text: str) -> date | None:
    """A day as 2026-11-23 or 23-11-2026 (also with / or .); None for an empty cell."""
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text, re.ASCII)
    if not text:
        return None
    if parts is None:
        raise ValueError(f"{text!r} is no day: write it as 2026-11-23 or 23-11-2026.")
    year, month, this, day_, month_, year_ = parts.groups()
    try:
        return date(int(year or year_), int(month or month_), int(this or day_))
    except ValueError:
        raise ValueError(f"{text!r} is not in the calendar: correct the day.") from None


def number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,6}", text) or not least <= int(text) <= most:
            raise ValueError(f"{text!r}: write a whole number from {least} to {most}.")
        return int(text)

    return read


def _text(data: bytes) -> str:
    if len(data) > LONGEST:
        raise SheetError(Problem(0, "", f"is larger than {LONGEST // 1_000_000} MB: send it in parts."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetError(Problem(0, "", "is not UTF-8: save it as “CSV UTF-8”.")) from None
    if "\0" in text:
        raise SheetError(Problem(0, "", "is not text: save the table as “CSV UTF-8”."))
    return text


def _table(text: str) -> Iterator[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from table
    except csv.Error as error:
        raise SheetError(Problem(table.line_num, "", f"cannot be read ({error}): check its quotes.")) from None


def _check_heading(heading: list[str], needed: Collection[str], further: Collection[str]) -> None:
    known = [*needed, *further]
    missing = [name for name in needed if name not in heading]
    if missing:
        raise SheetError(Problem(1, ", ".join(missing), f"is missing: the heading is {','.join(known)}."))
    strange = [name for name in heading if name and name not in known]
    if strange:
        raise SheetError(Problem(1, ", ".join(strange), f"is unknown: the heading is {','.join(known)}."))
    twice = sorted({name for name in heading if name and heading.count(name) > 1})
    if twice:
        raise SheetError(Problem(1, ", ".join(twice), "is there twice: remove one."))


def _plain(cell: str) -> str:
    """The cell without outer spaces, and without the apostrophe with which spreadsheets mark text."""
    return " ".join(cell.replace("\u200b", "").split()).removeprefix("'")
