"""How much an Excel file may hold. It is measured before anybody opens it: a file of 50 kB can fill the memory."""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from booking.sheets.lines import MOST
from booking.sheets.remarks import SheetError, unreadable

UNPACKED = 15_000_000  # bytes of all parts together; 5000 rows of ten columns have some 4 million
PARTS = 200  # files in the archive
LONG, SHORT = 600_000, 20_000  # elements of a part that is read row by row, and of one that is read at once
WIDE, DEEP = 2_000, 30  # elements in a row, and within one another
CHUNK = 64 * 1024  # bytes
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
BY_ROWS = re.compile(rf"{SHEET.pattern}|xl/sharedStrings\.xml")
ROWS, FILLED = ("row", "si"), ("v", "is", "f")


def check_archive(data: bytes) -> None:
    """Refuse what is no Excel file, is too large, has macros or merged cells, or could grow while it is read.

    Raises SheetError; whatever zipfile and expat raise for a damaged file.
    """
    with ZipFile(BytesIO(data)) as archive:
        infos = archive.infolist()
        # zipfile never unpacks more of a part than its entry says, so that the sum of these is the bound.
        if len(infos) > PARTS or sum(info.file_size for info in infos) > UNPACKED:
            raise too_large()
        names = [info.filename for info in infos]
        if any(name.endswith("vbaProject.bin") for name in names):
            raise unreadable("macros")
        if "xl/workbook.xml" not in names:
            raise unreadable("no_excel")
        for name in names:
            if name.endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    _Measure(name).read(part)


def too_large() -> SheetError:
    """The error that there is more in the file than a table needs."""
    return unreadable("unpacked_too_large", mb=UNPACKED // 1_000_000)


class _Measure:
    """Counts the elements of a part without keeping any."""

    def __init__(self, name: str) -> None:
        self.sheet = SHEET.fullmatch(name) is not None
        self.most = LONG if BY_ROWS.fullmatch(name) else SHORT
        self.elements = self.in_row = self.depth = self.row = 0

    def read(self, part: IO[bytes]) -> None:
        """Raises SheetError for too much of anything, ExpatError for what is no XML."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse  # Excel writes none; what is declared there can grow without end
        while chunk := part.read(CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.elements += 1
        self.depth += 1
        self.in_row = 0 if local in ROWS else self.in_row + 1
        if self.elements > self.most or self.depth > DEEP or (self.most == LONG and self.in_row > WIDE):
            raise too_large()
        if self.sheet:
            self._look(local, attributes)

    def _look(self, local: str, attributes: dict[str, str]) -> None:
        """What is wrong with a sheet as a table. Empty rows, of which spreadsheets write many, do not count."""
        if local == "mergeCell":
            raise unreadable("merged_cells")
        if local == "row":
            self.row = int(attributes.get("r", self.row + 1))
        if local in FILLED and self.row > MOST + 1:
            raise unreadable("too_many_rows", most=MOST)

    def _end(self, _: str) -> None:
        self.depth -= 1

    def _refuse(self, *_: object) -> None:
        raise unreadable("no_excel")
