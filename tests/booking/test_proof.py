from __future__ import annotations

import pytest

from booking.proof import owns, proves
from models.bookings import Booking

BOOKING = Booking(number="10000008", mobile="9812345615")


@pytest.mark.parametrize("mobile", ["9812345615", "+91 98123-45615", "09812345615", "0091 9812345615"])
def test_the_mobile_that_booked_owns_the_booking_in_any_spelling(mobile: str) -> None:
    assert owns(BOOKING, mobile)


@pytest.mark.parametrize("mobile", [None, "", "9812345616", "5615", "0788 2322222", "anonymous", "+1 415 555 2671"])
def test_another_number_or_none_does_not(mobile: str | None) -> None:
    assert not owns(BOOKING, mobile)


@pytest.mark.parametrize("last4", ["5615", "56 15", "5-6-1-5", "५६१५", " 5615 "])
def test_the_last_four_digits_prove_it(last4: str) -> None:
    assert proves(BOOKING, last4)


@pytest.mark.parametrize("last4", ["", "5614", "615", "45615", "9812345615", "abcd", "561५6", "²615"])
def test_anything_else_does_not(last4: str) -> None:
    assert not proves(BOOKING, last4)
