"""PIN codes."""

from __future__ import annotations

import re
import unicodedata


def pin(text: str) -> str | None:
    """The six digits of a PIN code (first 1-9, spaces allowed, Devanagari digits too), or None."""
    compact = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{6}", compact):
        return None
    digits = "".join(str(unicodedata.digit(c)) for c in compact)
    return digits if digits[0] != "0" else None


def in_state(text: str) -> bool:
    """Whether the PIN code lies in Chhattisgarh (49xxxx)."""
    digits = pin(text)
    return digits is not None and digits.startswith("49")
