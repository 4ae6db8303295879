"""Twilio's ways to say that the caller's number is withheld."""

from __future__ import annotations

import re

WITHHELD = {
    "+266696687": "ANONYMOUS",
    "+7378742833": "RESTRICTED",
    "+2562533": "BLOCKED",
    "+8656696": "UNKNOWN",
    "+86282452253": "UNAVAILABLE",
}  # words keyed as digits, sent in place of a number


def caller_of(number: str) -> str | None:
    """The caller's number as `+…`, or None when it is withheld or no number at all."""
    number = number.strip()
    return number if re.fullmatch(r"\+\d{8,15}", number, re.ASCII) and number not in WITHHELD else None
