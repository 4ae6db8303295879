from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.numbers import appeal_number, booking_number, complaint_number, kind_of, valid_number


@pytest.mark.parametrize(
    ("make", "kind", "digits", "first"),
    [
        (booking_number, "booking", 8, "123456789"),
        (complaint_number, "complaint", 9, "3"),
        (appeal_number, "appeal", 9, "5"),
    ],
)
def test_every_kind_of_number_tells_itself_apart(make: object, kind: str, digits: int, first: str) -> None:
    for draw in (lambda n: 0, lambda n: n - 1, lambda n: n // 3):
        number = make(draw)  # type: ignore[operator]
        assert (kind_of(number), len(number), number[0] in first) == (kind, digits, True)
        assert valid_number(number) == (kind == "booking")


@given(seed=st.integers(0, 9_999_999), place=st.integers(0, 8), by=st.integers(1, 9))
def test_a_wrong_digit_is_always_found(seed: int, place: int, by: int) -> None:
    number = complaint_number(lambda _: seed)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert kind_of(wrong) is None


@given(seed=st.integers(0, 9_999_999), place=st.integers(0, 7))
def test_swapped_neighbours_are_always_found(seed: int, place: int) -> None:
    number = appeal_number(lambda _: seed)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or kind_of(swapped) is None


@pytest.mark.parametrize("text", ["", "3", "30000001", "५००००००००", "abc", " 12345678", "123456789", "3" * 90])
def test_what_is_no_number_is_none(text: str) -> None:
    assert kind_of(text) is None
