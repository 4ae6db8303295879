"""Excel files (.xlsx) from people we do not know: bounded before they are opened, nothing in them is ever computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from booking.sheets.lines import MOST, Cell, plain
from booking.sheets.remarks import remark, unreadable

UNPACKED = 30_000_000  # bytes of all parts together; 5000 rows have some 3 million
PARTS = 200  # files in the archive
WIDEST = 64  # columns that are looked at
CHUNK = 64 * 1024
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# An entity can grow without end when it is read; Excel writes none.
REFUSED = {b"<!DOCTYPE": "no_excel", b"<!ENTITY": "no_excel", b"<mergeCell ": "merged_cells"}
OVERLAP = max(map(len, REFUSED))


def excel_grid(data: bytes) -> Iterator[list[Cell]]:
    """The cells of the first sheet; formulas and errors are remarks. Raises SheetError for what is no such file, has
    macros or merged cells, or would fill the memory."""
    try:
        _check_archive(data)
        workbook = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        sheet: Any = workbook.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        for row in sheet.iter_rows(max_row=MOST + 2, max_col=WIDEST):
            yield [_cell(cell) for cell in row]
    except _BROKEN:
        raise unreadable("no_excel") from None


_BROKEN = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError, OSError,
           NotImplementedError, RuntimeError)  # fmt: skip
"""What openpyxl and zipfile raise for archives that are none, are encrypted or lack parts; ParseError is a
SyntaxError."""


def _check_archive(data: bytes) -> None:
    """Refuse what is too large, has macros, or has parts that could not be read safely."""
    with ZipFile(BytesIO(data)) as archive:
        infos = archive.infolist()
        # zipfile never unpacks more of a part than its entry says, so that the sum of these is the bound.
        if len(infos) > PARTS or sum(info.file_size for info in infos) > UNPACKED:
            raise unreadable("unpacked_too_large", mb=UNPACKED // 1_000_000)
        names = [info.filename for info in infos]
        if any(name.endswith("vbaProject.bin") for name in names):
            raise unreadable("macros")
        if "xl/workbook.xml" not in names:
            raise unreadable("no_excel")
        for name in names:
            if name.endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    _check_part(part, sheet=SHEET.fullmatch(name) is not None)


def _check_part(part: IO[bytes], sheet: bool) -> None:
    tail = b""
    while chunk := part.read(CHUNK):
        seen = tail + chunk
        for word, code in REFUSED.items():
            if word in seen and (sheet or code == "no_excel"):
                raise unreadable(code)
        tail = seen[-OVERLAP:]


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
