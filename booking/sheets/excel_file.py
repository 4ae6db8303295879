"""Excel files (.xlsx) from people we do not know: bounded before they are opened, nothing in them is ever computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from booking.sheets.excel_bounds import check_archive
from booking.sheets.lines import MOST, Cell, plain
from booking.sheets.remarks import SheetError, remark, unreadable

WIDEST = 64  # columns that are looked at


def excel_grid(data: bytes) -> Iterator[list[Cell]]:
    """The cells of the first sheet; formulas and errors are remarks. Raises SheetError for what is no such file, has
    macros or merged cells, or would fill the memory."""
    try:
        check_archive(data)
        workbook = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        sheet: Any = workbook.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        for row in sheet.iter_rows(max_row=MOST + 1, max_col=WIDEST):
            yield _trimmed([_cell(cell) for cell in row])
    except SheetError:
        raise
    except Exception as error:  # a damaged part makes zipfile, expat and openpyxl stumble in a dozen ways
        raise unreadable("no_excel") from error


def _trimmed(cells: list[Cell]) -> list[Cell]:
    """Without the empty cells at the end, of which every row has as many as the widest."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _cell(cell: Any) -> Cell:
    """A cell as it would be typed. Whole numbers lose their .0, dates their time."""
    value = cell.value
    if cell.data_type == "f":
        return remark("formula")
    if cell.data_type == "e":
        return remark("error_cell", text=value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value == datetime.combine(value.date(), datetime.min.time()) else str(value)
    return value.isoformat() if isinstance(value, date) else plain(str(value))
