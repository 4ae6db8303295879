"""Who may change a booking: the mobile that booked, or who knows its number and the mobile's last four digits."""

from __future__ import annotations

import re
import unicodedata
from hmac import compare_digest

from booking.phone import mobile as mobile_digits
from models.bookings import Booking


def owns(booking: Booking, mobile: str | None) -> bool:
    """Whether `mobile`, in any spelling (None: withheld), is the one that booked."""
    digits = mobile_digits(mobile) if mobile else None
    return digits is not None and digits == booking.mobile


def proves(booking: Booking, last4: str) -> bool:
    """Whether `last4` (four digits, spaces allowed, Devanagari too) are the last ones of the mobile that booked."""
    compact = re.sub(r"[\s-]", "", last4)
    if not re.fullmatch(r"\d{4}", compact):
        return False
    digits = "".join(str(unicodedata.digit(c)) for c in compact)
    return compare_digest(digits, booking.mobile[-4:])
