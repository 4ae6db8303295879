"""A file that people send, whatever its kind, as rows of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from booking.sheets.csv_file import csv_grid
from booking.sheets.excel_file import excel_grid
from booking.sheets.lines import Cell
from booking.sheets.remarks import unreadable

LONGEST = 5_000_000  # bytes; a table of ten thousand rows has about one million
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def grid(data: bytes) -> Iterator[Sequence[Cell]]:
    """The cells of a CSV or Excel file; which of them it is says the file itself. Raises SheetError."""
    if len(data) > LONGEST:
        raise unreadable("too_large", mb=LONGEST // 1_000_000)
    if data.startswith(OLD_OFFICE):  # .xls, and every Office file with a password
        raise unreadable("old_excel")
    yield from excel_grid(data) if data.startswith(ZIP) else csv_grid(data)
