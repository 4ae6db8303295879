"""Telephone numbers: any spelling in, one form out."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@lru_cache(maxsize=2000)  # a caller's number is looked at many times in a call
def mobile(number: str) -> str | None:
    """The ten digits of an Indian mobile number in any spelling (+91, 0091, 91, 0, spaces), or None."""
    parsed = _parse(number)
    if parsed is None or parsed.country_code != 91:
        return None
    digits = str(parsed.national_number)
    # Known types alone would refuse number series that are newer than the library's tables.
    if len(digits) != 10 or digits[0] not in "6789":
        return None
    if phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) not in _MOBILE:
        return None
    return digits


def e164(number: str) -> str | None:
    """`number` as `+<country><digits>`, Indian unless it says otherwise; None when it is no telephone number."""
    parsed = _parse(number)
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def mask(number: str | None) -> str:
    """`number` for logs: the first two and last two of its national digits, `98xxxxxx15`; "" stays ""."""
    digits = "".join(c for c in number or "" if c.isdigit())
    if (number or "").startswith("+91"):
        digits = digits[2:]
    if len(digits) <= 4:
        return "x" * len(digits)
    return f"{digits[:2]}{'x' * (len(digits) - 4)}{digits[-2:]}"


def _parse(number: str) -> phonenumbers.PhoneNumber | None:
    if len(number) > 40:
        return None
    try:
        parsed = phonenumbers.parse(number, "IN")
    except NumberParseException:
        return None
    # "7 98 …" style extensions and letters ("1800MITAN") are not what a caller says of a mobile.
    return None if parsed.extension or any(c.isalpha() for c in number) else parsed
