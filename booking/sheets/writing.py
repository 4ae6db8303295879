"""Tables as files for spreadsheets. No text in them is taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Rows = Iterable[Sequence[str]]
WIDTH = 24  # characters of a column
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def as_csv(heading: Sequence[str], rows: Rows) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it; an apostrophe before what they would compute, which reading
    takes off again."""
    text = StringIO()
    table = csv.writer(text)
    table.writerow(heading)
    table.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_excel(title: str, heading: Sequence[str], rows: Rows) -> bytes:
    """An .xlsx file with one sheet, all of it text: numbers keep their zeros and nothing is computed."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])  # what Excel takes for a name
    sheet.freeze_panes = "A2"
    for number in range(1, len(heading) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.append([_text(sheet, cell, bold=True) for cell in heading])
    for row in rows:
        sheet.append([_text(sheet, cell) for cell in row])
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _text(sheet: Any, text: str, bold: bool = False) -> Any:
    # Reading takes one apostrophe off, as people type it to mark text.
    cell = WriteOnlyCell(sheet, value=f"'{text}" if text.startswith("'") else text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(FORMULA)  # stays text when somebody edits it
    if bold:
        cell.font = Font(bold=True)
    return cell
