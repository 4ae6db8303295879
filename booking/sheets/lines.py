"""The rows of a table under its heading, wherever they come from: a file, or the form of one row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeVar

from booking.sheets.remarks import Problem, Remark, Wrong, unreadable

MOST = 5_000  # rows of a file; every urban local body of the country is fewer

Cell = str | Remark
"""What stands in a cell, or why it cannot be taken."""

_Value = TypeVar("_Value")


@dataclass
class Line:
    """A row of the table: its number, its cells by column, and what was found wrong in it."""

    row: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def value(self, column: str, read: Callable[[str], _Value], fallback: _Value) -> _Value:
        """What `read` makes of the cell; what it finds wrong (it raises Wrong) is noted, and `fallback` taken."""
        try:
            return read(self.cells.get(column, ""))
        except Wrong as error:
            self.note(column, error.remark)
            return fallback

    def wrong(self, column: str, code: str, **values: object) -> None:
        """Note what is wrong in a cell."""
        self.note(column, Wrong(code, **values).remark)

    def note(self, column: str, remark: Remark) -> None:
        """Note a remark about a cell; the first of a cell is enough."""
        if not column or all(p.column != column for p in self.problems):
            self.problems.append(Problem(self.row, column, remark))


def lines(
    grid: Iterable[Sequence[Cell]], needed: Collection[str], further: Collection[str] = (),
    labels: Mapping[str, str] | None = None,
) -> Iterator[Line]:  # fmt: skip
    """The rows below the heading, which names columns by their names or by `labels` (label in small letters: name);
    empty rows are passed over.

    Raises SheetError: a column missing, unknown or named twice, too many rows.
    """
    table = iter(grid)
    heading = [_named(cell, labels or {}) for cell in next(table, [])]
    _check_heading(heading, needed, further)
    for row, cells in enumerate(table, 2):
        if not any(cells):
            continue
        if row > MOST + 1:
            raise unreadable("too_many_rows", most=MOST)
        yield _line(row, heading, cells)


def _line(row: int, heading: list[str], cells: Sequence[Cell]) -> Line:
    named = [(name, cell) for name, cell in zip_longest(heading, cells[: len(heading)], fillvalue="") if name]
    line = Line(row, {name: cell for name, cell in named if isinstance(cell, str)})
    for name, cell in named:
        if isinstance(cell, Remark):
            line.note(name, cell)
    if any(cells[len(heading) :]):
        line.wrong("", "surplus_cells", cells=len(cells), heading=len(heading))
    return line


def _named(cell: Cell, labels: Mapping[str, str]) -> str:
    text = cell.casefold() if isinstance(cell, str) else ""
    return labels.get(text, text)


def _check_heading(heading: list[str], needed: Collection[str], further: Collection[str]) -> None:
    known = ",".join([*needed, *further])
    missing = [name for name in needed if name not in heading]
    if missing:
        raise unreadable("column_missing", 1, ", ".join(missing), known=known)
    strange = [name for name in heading if name and name not in needed and name not in further]
    if strange:
        raise unreadable("column_unknown", 1, ", ".join(strange)[:100], known=known)
    twice = sorted({name for name in heading if name and heading.count(name) > 1})
    if twice:
        raise unreadable("column_twice", 1, ", ".join(twice))


def plain(text: str) -> str:
    """The text of a cell without outer spaces, and without the apostrophe with which spreadsheets mark text."""
    return " ".join(text.replace("\u200b", "").split()).removeprefix("'")
