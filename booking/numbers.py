"""Booking numbers: seven random digits and a Verhoeff check digit (finds a wrong digit and swapped neighbours)."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from stdnum import verhoeff

Draw = Callable[[int], int]


def booking_number(draw: Draw = secrets.randbelow) -> str:
    """A number of eight digits, the first 1-9. `draw(n)` gives a random number below n."""
    body = str(1_000_000 + draw(9_000_000))
    return body + str(verhoeff.calc_check_digit(body))


def valid_number(number: str) -> bool:
    """Whether `number` can be a booking number: eight digits whose check digit fits."""
    return len(number) == 8 and number.isascii() and number.isdigit() and bool(verhoeff.is_valid(number))
