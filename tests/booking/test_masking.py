from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.masking import without_numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my number is 98123 45615 please", "my number is xxxx please"),
        ("+91-98123-45615", "+xxxx"),
        ("मेरा नंबर ९८१२३४५६१५ है", "मेरा नंबर xxxx है"),
        ("मेरा नंबर नौ आठ एक दो तीन चार पांच छह एक पांच है", "मेरा नंबर xxxx है"),
        ("nine eight double one two three", "xxxx"),
        ("Nine, eight, one, two", "xxxx"),
        ("booking 12345678 of 24/11/2026", "booking xxxx of xxxx"),
        ("492001", "xxxx"),
        ("नौ 8 एक 2 three", "xxxx"),
    ],
)
def test_numbers_that_lead_to_a_person_are_masked_in_figures_and_in_words(text: str, masked: str) -> None:
    assert without_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "he asked for 500 rupees",
        "he asked for 5000 rupees",
        "उसने 25,000 रुपये मांगे",
        "₹ 5000 मांगे",
        "Rs. 10000",
        "दो तीन बार गया",
        "एक आदमी ने कहा",
        "counter 12, room 3",
        "someone told ten stories of one tenant",
        "",
    ],
)
def test_amounts_and_small_numbers_stay(text: str) -> None:
    assert without_numbers(text) == text


def test_a_mobile_number_is_no_amount_of_money() -> None:
    assert without_numbers("9812345615 rupees") == "xxxx rupees"


@given(st.text(alphabet="0123456789०१२३४५६७८९ -,./x", max_size=60))
def test_no_run_of_more_than_three_digits_is_ever_left(text: str) -> None:
    shown = without_numbers(text)
    run = 0
    for sign in shown:
        run = run + 1 if sign.isdigit() else run if sign in " -,./" else 0
        assert run <= 3


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = without_numbers(text)
    assert without_numbers(once) == once
