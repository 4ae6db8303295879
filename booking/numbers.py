"""Numbers that are read out: random digits and a Verhoeff check digit (finds a wrong digit and swapped neighbours).

A booking's has eight digits, a complaint's nine beginning with 3, an appeal's nine beginning with 5: none can be taken
for another.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Literal

from stdnum import verhoeff

Draw = Callable[[int], int]
Kind = Literal["booking", "complaint", "appeal"]

COMPLAINT, APPEAL = "3", "5"


def booking_number(draw: Draw = secrets.randbelow) -> str:
    """A number of eight digits, the first 1-9. `draw(n)` gives a random number below n."""
    return _checked(str(1_000_000 + draw(9_000_000)))


def complaint_number(draw: Draw = secrets.randbelow) -> str:
    """A number of nine digits, the first 3."""
    return _checked(f"{COMPLAINT}{draw(10_000_000):07d}")


def appeal_number(draw: Draw = secrets.randbelow) -> str:
    """A number of nine digits, the first 5."""
    return _checked(f"{APPEAL}{draw(10_000_000):07d}")


def valid_number(number: str) -> bool:
    """Whether `number` can be a booking number: eight digits whose check digit fits."""
    return kind_of(number) == "booking"


def kind_of(number: str) -> Kind | None:
    """What `number` can be the number of, by its length, first digit and check digit; None: of nothing."""
    if not (number.isascii() and number.isdigit() and verhoeff.is_valid(number)):
        return None
    if len(number) == 8:
        return "booking"
    if len(number) == 9 and number[0] in (COMPLAINT, APPEAL):
        return "complaint" if number[0] == COMPLAINT else "appeal"
    return None


def _checked(body: str) -> str:
    return body + str(verhoeff.calc_check_digit(body))
