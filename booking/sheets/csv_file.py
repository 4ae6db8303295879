"""CSV files in UTF-8 as spreadsheets write them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from booking.sheets.lines import plain
from booking.sheets.remarks import unreadable


def csv_grid(data: bytes) -> Iterator[list[str]]:
    """The cells of a CSV file in UTF-8; commas, semicolons or tabs between them. Raises SheetError."""
    text = _text(data)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in table:
            yield [plain(cell) for cell in cells]
    except csv.Error as error:
        raise unreadable("no_csv", table.line_num, error=error) from None


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable("no_utf8") from None
    if "\0" in text:
        raise unreadable("no_text")
    return text
