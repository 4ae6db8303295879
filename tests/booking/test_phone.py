from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.phone import e164, mask, mobile
from booking.pin import in_state, pin
from booking.privacy import masked


@pytest.mark.parametrize(
    "spelling",
    ["9812345615", "+919812345615", "919812345615", "09812345615", "00919812345615", "+91-98123-45615",
     " 98 12 34 56 15 ", "+91 (0) 98123 45615", "98123.45615", "९८१२३४५६१५"],
)  # fmt: skip
def test_an_indian_mobile_is_read_in_any_spelling(spelling: str) -> None:
    assert mobile(spelling) == "9812345615"


@pytest.mark.parametrize("first", "6789")
def test_mobiles_begin_with_six_to_nine(first: str) -> None:
    assert mobile(f"{first}000000001") == f"{first}000000001"


@pytest.mark.parametrize(
    "number",
    ["", "98123", "98123456155", "5812345615", "0000000000", "1800 233 4545", "0788-2322222", "+14155552671",
     "+447911123456", "98१२", "नौ आठ एक", "981234561x", "9812345615 ext 5", "9812345615;drop", "+", "+91", "14545",
     "9" * 5000, "\x00\x00", "9812345615\n9812345616"],
)  # fmt: skip
def test_what_is_no_indian_mobile_is_none(number: str) -> None:
    assert mobile(number) is None


@given(st.text(max_size=60))
def test_any_text_is_a_mobile_or_none(text: str) -> None:
    found = mobile(text)
    assert found is None or (len(found) == 10 and found.isascii() and found.isdigit() and found[0] in "6789")


@pytest.mark.parametrize(
    ("number", "expected"),
    [("9812345615", "+919812345615"), ("0788 2322222", "+917882322222"), ("+1 415 555 2671", "+14155552671"),
     ("anonymous", None), ("", None), ("+266696687", None), ("12", None)],
)  # fmt: skip
def test_numbers_of_any_country_get_one_form(number: str, expected: str | None) -> None:
    assert e164(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("9812345615", "98xxxxxx15"), ("+919812345615", "98xxxxxx15"), ("+14155552671", "14xxxxxxx71"), ("12345", "12x45"),
     ("1234", "xxxx"), ("", ""), (None, "")],
)  # fmt: skip
def test_numbers_in_logs_show_their_ends_only(number: str | None, expected: str) -> None:
    assert mask(number) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("492001", "492001"), ("492 001", "492001"), ("492-001", "492001"), ("४९२००१", "492001"), ("092001", None),
     ("49200", None), ("4920011", None), ("49200a", None), ("", None), ("²³⁴⁵⁶⁷", None)],
)  # fmt: skip
def test_a_pin_code_has_six_digits_and_no_leading_zero(text: str, expected: str | None) -> None:
    assert pin(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("492001", True), ("497 001", True), ("400001", False), ("49", False)])
def test_pin_codes_of_the_state_begin_with_49(text: str, expected: bool) -> None:
    assert in_state(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("मेरा आधार 1234 5678 9012 है", "मेरा आधार xxxx xxxx xxxx है"),
        ("123456789012", "xxxxxxxxxxxx"),
        ("१२३४५६७८९०१२", "xxxxxxxxxxxx"),
        ("1234-5678-9012-3456", "xxxx-xxxx-xxxx-xxxx"),
        ("आधार123456789012", "आधारxxxxxxxxxxxx"),
        ("9812345615 और 492001 ठीक", "9812345615 और 492001 ठीक"),
        ("12345678901", "12345678901"),
        ("a\x00b", "ab"),
    ],
)
def test_twelve_digits_in_a_row_are_never_stored(text: str, expected: str) -> None:
    assert masked(text) == expected
    assert masked({"a": [text, ("b", text)], "n": 5}) == {"a": [expected, ["b", expected]], "n": 5}


@pytest.mark.parametrize("kept", ["+919812345615", "f3a1234567890123bc", "2026-11-23T10:00:00+05:30"])
def test_caller_numbers_ids_and_times_are_kept(kept: str) -> None:
    assert masked(kept) == kept
