"""Lines of a table from a file, or from the fields of a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from booking.sheets.lines import Cell, Line, lines, plain
from booking.tables.labels import headings
from booking.tables.table import Table


def lines_of(table: Table[Any], grid: Iterable[Sequence[Cell]]) -> Iterator[Line]:
    """The rows of a file; its heading has the columns' names or their labels in one language. Raises SheetError."""
    return lines(grid, table.needed, table.further, headings(table.name, table.needed + table.further))


def typed(table: Table[Any], fields: Mapping[str, Sequence[str]]) -> Line:
    """The only line of a form; what is several lines, or several fields of one name, are several values."""
    cells = {}
    for column in table.columns:
        values = [line for value in fields.get(column.name, ()) for line in value.splitlines()]
        cells[column.name] = "; ".join(text for value in values if (text := plain(value)))
    return Line(1, cells)
