"""What must not be stored: Aadhaar numbers that callers say although nobody asks for them."""

from __future__ import annotations

import re
from typing import Any

# Twelve digits in a row, or in groups as people write them; longer runs too. Devanagari digits count as \d.
# Not within an id of letters and digits, and not a telephone number that begins with +.
_TWELVE = re.compile(r"(?<![A-Za-z0-9+])\d(?:[ \-.]?\d){11,}(?![A-Za-z0-9])")


def masked(value: Any) -> Any:
    """`value` (plain JSON) with every run of twelve or more digits replaced by x, and without NUL characters."""
    if isinstance(value, str):
        return _TWELVE.sub(lambda m: re.sub(r"\d", "x", m.group()), value.replace("\x00", ""))
    if isinstance(value, dict):
        return {k: masked(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [masked(v) for v in value]
    return value
