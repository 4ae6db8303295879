"""Excel files from people we do not know: what they say is read, what they could do does not happen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from booking.sheets.lines import MOST, lines
from booking.sheets.reading import grid
from booking.sheets.remarks import SheetError
from booking.sheets.writing import as_csv, as_excel
from tests.booking.tables.sheet import excel
from tests.booking.town import at

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = excel(["id", "hi"], ["raipur", "रायपुर"])


def cells(data: bytes) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in grid(data)]


def refused(data: bytes) -> str:
    with pytest.raises(SheetError) as error:
        list(grid(data))
    return str(error.value)


def rezipped(change: Callable[[dict[str, bytes]], None], data: bytes = PLAIN) -> bytes:
    """The same archive with parts changed."""
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


DAY, MORNING = (at(23, hour).replace(tzinfo=None) for hour in (0, 10))  # spreadsheets know no zones


def test_numbers_days_and_flags_are_read_as_they_would_be_typed() -> None:
    row = ["  two \n words ", 1.0, 7, 98_1234_5615, 0.5, True, False, DAY, date(2026, 1, 2), None,
           MORNING, "'0788"]  # fmt: skip
    assert cells(excel(row)) == [
        ["two words", "1", "7", "9812345615", "0.5", "yes", "no", "2026-11-23", "2026-01-02", "",
         "2026-11-23 10:00:00", "0788"]
    ]  # fmt: skip


def test_a_formula_and_an_error_are_named_in_their_cell_and_nothing_is_computed() -> None:
    (line,) = lines(grid(excel(["id", "hi", "en"], ["=1+1", "#REF!", "x"])), ("id", "hi", "en"))
    assert [str(problem) for problem in line.problems] == [
        "row 2, id: is a formula: write its value instead.",
        "row 2, hi: #REF!: there is an error in the cell, write a value.",
    ]
    assert line.cells == {"en": "x"}


def test_only_the_first_sheet_is_read() -> None:
    book, data = Workbook(), BytesIO()
    book.active.append(["first"])  # type: ignore[union-attr]
    book.create_sheet("notes").append(["second"])
    book.save(data)
    assert cells(data.getvalue()) == [["first"]]


def test_a_zip_bomb_is_not_unpacked() -> None:
    def grow(parts: dict[str, bytes]) -> None:
        parts["xl/sharedStrings.xml"] = b" " * 400_000_000

    bomb = rezipped(grow)
    assert len(bomb) < 1_000_000
    assert "larger than 15 MB when it is unpacked" in refused(bomb)


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (SHEET, HEAD + b"<row>" + b"<c/>" * 3_000),
        (SHEET, HEAD + b"<row>" * 3_000),
        (SHEET, HEAD + b"<row/>" * 700_000),
        ("xl/styles.xml", b"<styleSheet>" + b"<font/>" * 30_000),
    ],
    ids=["a row without end", "rows within rows", "rows without end", "styles without end"],
)
def test_what_would_fill_the_memory_when_it_is_read_is_not_read(name: str, content: bytes) -> None:
    assert "unpacked" in refused(rezipped(lambda parts: parts.update({name: content})))


def test_entities_in_another_alphabet_are_refused_too() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "a">]><worksheet>&a;</worksheet>'
    assert "cannot be read" in refused(rezipped(lambda parts: parts.update({SHEET: text.encode("utf-16")})))


def test_an_archive_of_thousands_of_parts_is_not_looked_through() -> None:
    assert "unpacked" in refused(rezipped(lambda parts: parts.update({f"xl/{n}.xml": b"" for n in range(1000)})))


def test_an_entry_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    data = bytearray(rezipped(lambda parts: parts.update({SHEET: b" " * 50_000_000})))
    sized = (50_000_000).to_bytes(4, "little")
    assert data.count(sized) == 2
    assert "cannot be read" in refused(bytes(data).replace(sized, (100).to_bytes(4, "little")))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("xl/vbaProject.bin", b"x", "has macros"),
        (SHEET, b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>', "cannot be read"),
        (SHEET, b"<worksheet><sheetData><row>", "cannot be read"),
        (SHEET, b"", "cannot be read"),
        ("xl/workbook.xml", b"<x/>", "cannot be read"),
        ("[Content_Types].xml", b"", "cannot be read"),
    ],
    ids=["macros", "entities", "cut off", "empty sheet", "strange workbook", "no types"],
)
def test_what_is_no_honest_table_gets_a_sentence(name: str, content: bytes, said: str) -> None:
    assert said in refused(rezipped(lambda parts: parts.update({name: content})))


@pytest.mark.parametrize("gone", ["xl/workbook.xml", SHEET, "[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
def test_an_archive_without_a_part_that_every_table_has_gets_a_sentence(gone: str) -> None:
    def remove(parts: dict[str, bytes]) -> None:
        del parts[gone]

    assert "cannot be read" in refused(rezipped(remove))


def test_merged_cells_are_named_as_their_rows_would_lack_values() -> None:
    book, data = Workbook(), BytesIO()
    book.active.merge_cells("A1:B1")  # type: ignore[union-attr]
    book.save(data)
    assert "has merged cells" in refused(data.getvalue())


FAR = b'<row r="1048576"><c r="A1048576" t="str"><v>x</v></c></row></sheetData>'


def test_a_cell_at_the_end_of_the_sheet_is_not_lost_and_fills_no_memory() -> None:
    def far(parts: dict[str, bytes]) -> None:
        parts[SHEET] = re.sub(rb'r="A2"', b'r="XFD2"', parts[SHEET])
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", FAR)

    assert f"more than {MOST} rows" in refused(rezipped(far))


def test_a_sheet_that_lies_about_its_size_is_read_whole() -> None:
    def lie(parts: dict[str, bytes]) -> None:
        parts[SHEET] = re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1"', parts[SHEET])

    assert cells(rezipped(lie))[1] == ["raipur", "रायपुर"]


@given(st.binary(max_size=400), st.integers(0, len(PLAIN)))
@settings(max_examples=150, deadline=None)
def test_no_damage_to_a_file_is_more_than_a_sentence(noise: bytes, place: int) -> None:
    for data in (PLAIN[:place] + noise + PLAIN[place + len(noise) :], PLAIN[:place] + noise, noise):
        try:
            list(grid(data))
        except SheetError:
            continue


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
@example([("", "'"), ("'=1", "''")])
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    wanted = [["id", "hi"], *([" ".join(t.replace("\u200b", "").split()) for t in row] for row in rows)]
    for data in (as_csv(wanted[0], wanted[1:]), as_excel("अ/b[c]", wanted[0], wanted[1:])):
        assert [trimmed(row) for row in cells(data)] == [trimmed(row) for row in wanted]


def trimmed(row: list[str]) -> list[str]:
    return trimmed(row[:-1]) if row and not row[-1] else row
