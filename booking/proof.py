"""Who may change a booking: the mobile that booked, or who knows its number and the mobile's last four digits."""

from __future__ import annotations

import re
import unicodedata
from hmac import compare_digest

from booking.errors import NotOwner
from booking.phone import mobile as mobile_digits
from models.bookings import Booking

TRIES = 3  # per conversation or API client; who counts them is the dialog or the API


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


def require(booking: Booking, mobile: str | None, last4: str = "") -> None:
    """Return when either shows that the caller may change `booking`; raises NotOwner."""
    if not owns(booking, mobile) and not proves(booking, last4):
        raise NotOwner
