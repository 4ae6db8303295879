"""How a text looks to who gets it: with sample values, and how long it becomes with the longest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from booking.templates import LONGEST, Fault, cleaned, longest, placeholders, sms_parts
from booking.wording import Notices
from booking.zone import local


@dataclass(frozen=True)
class Look:
    """A text with sample values (""; it has faults), its longest length in characters of `most`, and its parts as an
    SMS with the longest values."""

    text: str
    length: int
    most: int
    parts: int


def look(own: Notices, language: str, text: str, faults: list[Fault], now: datetime) -> Look:
    """How the text looks in a language; `faults` are those of it."""
    if any(fault.code not in ("long", "hindi", "alphabet", "differs", "strange") for fault in faults):
        return Look("", 0, LONGEST[language], 0)
    values = samples(own, language, now)
    said = {name: cleaned(own.typed[name], language, values[name]) for name in placeholders(text)}
    full = longest(text, own.typed, language)
    return Look(text.format(**said), len(full), LONGEST[language], sms_parts(full))


def samples(own: Notices, language: str, now: datetime) -> Mapping[str, str]:
    """A value for every variable."""
    hindi = language == "hi"
    start = local(now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    values: dict[str, Any] = {
        "name": own.brand[language], "helpline": own.helpline, "number": "12345678", "card": "RP7", "count": "5",
        "rupees": "130", "service": next(iter(own.services.values())), "city": "रायपुर" if hindi else "Raipur",
        "when": start, "until": start, "due": start.date(), "executive": "राम कुमार" if hindi else "Ram Kumar",
        "reason": "पहचान पत्र साफ़ नहीं है" if hindi else "identity proof not clear",
        "missing": list(own.documents)[:1], "documents": list(own.documents)[:2],
        "office": "नगर निगम" if hindi else "municipal corporation", "outcome": next(iter(own.outcomes.values())),
    }  # fmt: skip
    return {name: own.word(language, value) for name, value in values.items()}
