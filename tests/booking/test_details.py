"""Correcting what a booking says of the citizen."""

from __future__ import annotations

from typing import Any

import pytest

from booking.details import LONGEST_ADDRESS, LONGEST_NAME, Details, correct
from booking.errors import BadPin, BadValue, Conflict, NotAllowed
from booking.tracking import by_number
from models.bookings import Booking
from models.store import Store
from tests.booking.life import AGENT, cancels, last_event, told
from tests.booking.town import NOW, at, holds_and_books


def corrects(store: Store, number: str, expected: int | None = None, **changes: Any) -> Booking:
    values = {"name": "मीना", "address": "मकान 12", "pin": "492001", "language": "hi", **changes}
    with store.begin() as session:
        return correct(session, NOW, by_number(session, number), Details(**values), AGENT, expected)


@pytest.fixture
def number(town: Store) -> str:
    return holds_and_books(town, start=at(25, 10)).number


def test_what_was_corrected_is_written_and_the_event_names_only_which(town: Store, number: str) -> None:
    row = corrects(town, number, pin="४९२ ००४")
    assert (row.name, row.address, row.pin, row.language, row.version) == ("मीना", "मकान 12", "492004", "hi", 2)
    event = last_event(town, number)
    assert (event.what, event.who, event.from_stage, event.to_stage) == ("details", "agent:7", "booked", "booked")
    assert event.data == {"changed": ["address", "name", "pin"]}
    assert told(town, number) == ["booked"]


def test_the_same_again_changes_nothing_even_when_the_booking_is_over(town: Store, number: str) -> None:
    corrects(town, number)
    assert corrects(town, number, expected=1).version == 2
    cancels(town, number)
    assert corrects(town, number).version == 3
    with pytest.raises(NotAllowed):
        corrects(town, number, name="राम")


def test_numbers_of_twelve_digits_are_masked(town: Store, number: str) -> None:
    assert corrects(town, number, address="1234 5678 9012, मकान 3").address == "xxxx xxxx xxxx, मकान 3"


def test_who_was_overtaken_changes_nothing(town: Store, number: str) -> None:
    corrects(town, number)
    with pytest.raises(Conflict):
        corrects(town, number, expected=1, name="राम")


@pytest.mark.parametrize("pin", ["", "49200", "4920011", "abcdef", "092001"])
def test_a_pin_code_that_is_none_is_refused(town: Store, number: str, pin: str) -> None:
    with pytest.raises(BadPin):
        corrects(town, number, pin=pin)


@pytest.mark.parametrize("typed", [{"name": "x" * (LONGEST_NAME + 1)}, {"address": "x" * (LONGEST_ADDRESS + 1)}],
                         ids=["name", "address"])  # fmt: skip
def test_what_is_too_long_is_refused(town: Store, number: str, typed: dict[str, str]) -> None:
    with pytest.raises(BadValue):
        corrects(town, number, **typed)
