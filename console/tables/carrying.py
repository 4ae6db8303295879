"""What was checked is carried by the page to the moment when it is taken over, so that no process has to keep it."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence

from booking.sheets.lines import Line
from booking.sheets.reading import LONGEST
from booking.sheets.remarks import unreadable

ROOM = 400_000  # characters; a form's field may have 500,000 bytes


def packed(lines: Sequence[Line]) -> str:
    """The lines of a file for a hidden field. Raises SheetError for too many."""
    columns = list(dict.fromkeys(name for line in lines for name in line.cells))
    rows = [[line.row, *(line.cells.get(name) for name in columns)] for line in lines]
    text = json.dumps([columns, rows], ensure_ascii=False, separators=(",", ":"))
    made = b64encode(zlib.compress(text.encode(), 9)).decode()
    if len(made) > ROOM:
        raise unreadable("too_much")
    return made


def unpacked(field: str) -> list[Line]:
    """The lines in a hidden field. Raises SheetError for what was not packed here."""
    try:
        columns, rows = json.loads(zlib.decompressobj().decompress(b64decode(field, validate=True), LONGEST))
        return [Line(int(row), dict(_cells(columns, cells))) for row, *cells in rows]
    except (ValueError, TypeError, zlib.error, RecursionError):
        raise unreadable("no_file") from None


def _cells(columns: Sequence[object], cells: Sequence[object]) -> list[tuple[str, str]]:
    """Cells by column; a short row lacks its last ones."""
    return [(str(name), str(text)) for name, text in zip(columns, cells, strict=False) if text is not None]
