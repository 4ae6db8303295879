"""What stands in cells, read as people write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from booking.sheets.lines import lines
from booking.sheets.remarks import SheetError, Wrong
from booking.sheets.values import english, flag, hindi, identifier, one_of, optional, parts, several_of

UGLY = ["\x00", "\x1b[2J", "\ud800", "\u202e", "<b>", "{brand}", "=1+1", "@x", "\\"]


@pytest.mark.parametrize("ugly", UGLY, ids=ascii)
@pytest.mark.parametrize("read", [hindi(80), english(80), parts(), identifier], ids=["hi", "en", "parts", "id"])
def test_what_no_voice_says_is_refused_wherever_names_are_written(read: Callable[[str], Any], ugly: str) -> None:
    for text in (f"नाम{ugly}", f"name{ugly}", ugly):
        with pytest.raises(Wrong):
            read(text)


def test_joiners_of_devanagari_are_letters() -> None:
    assert hindi(20)("क्\u200dष") == "क्\u200dष"


@pytest.mark.parametrize(("text", "read"), [("Yes", True), ("हाँ", True), ("TRUE", True), ("1", True), ("no", False),
                                            ("नहीं", False), ("", False), ("FALSE", False)])  # fmt: skip
def test_yes_and_no_are_read_in_both_languages(text: str, read: bool) -> None:
    assert flag(text) is read


def test_yes_and_no_are_nothing_else() -> None:
    with pytest.raises(Wrong, match="write yes or no"):
        flag("perhaps")


def test_choices_are_found_by_every_name_and_others_are_told_which_there_are() -> None:
    named = {"a": "a", "आम": "a", "mango": "a", "b": "b"}
    assert one_of(named)("Mango") == "a"
    assert several_of(named)("आम | b; a") == ["a", "b", "a"]
    with pytest.raises(Wrong, match="write one of a, b"):
        one_of(named)("pear")
    assert optional(one_of(named))("") is None


def test_several_values_stand_once_and_are_neither_too_many_nor_too_long() -> None:
    assert parts()(" क ;ख|| क ") == ["क", "ख"]
    for text in ("x" * 61, ";".join(map(str, range(201)))):
        with pytest.raises(Wrong, match="at most 200 names"):
            parts()(text)


def test_a_long_cell_is_not_repeated_in_full() -> None:
    with pytest.raises(Wrong) as error:
        english(10)("x" * 10_000)
    assert len(str(error.value)) < 200


def test_rows_without_anything_count_for_nothing_and_cells_that_a_row_lacks_are_empty() -> None:
    grid = [["id", "hi", ""], ["", "", ""], ["a"], [], ["b", "ख", "", "surplus"]]
    first, second = lines(grid, ("id",), ("hi",))
    assert (first.row, first.cells) == (3, {"id": "a", "hi": ""})
    assert [str(p) for p in second.problems] == ["row 5: has 4 cells, the heading 3: put text with commas in quotes."]
    with pytest.raises(SheetError, match="more than 5000 rows"):
        list(lines([["id"], *([["a"]] * 5_001)], ("id",)))
