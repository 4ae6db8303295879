"""Sample values of placeholders, so that a prompt can be heard before any call has said it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from booking.zone import local
from dialogs.catalogue import Catalogue
from prompts.template import placeholders

WORDS = {"hi": "राम कुमार", "en": "Ram Kumar"}
DIGITS = "30415926"


def samples(texts: Iterable[str], language: str, catalogue: Catalogue, now: datetime) -> dict[str, Any]:
    """A value for every placeholder of `texts`."""
    known = _by_form(language, catalogue, now)
    return {found.name: known[found.form] for text in texts for found in placeholders(text)}


def _by_form(language: str, catalogue: Catalogue, now: datetime) -> Mapping[str, Any]:
    at = local(now + timedelta(days=2)).replace(hour=10, minute=30, second=0, microsecond=0).isoformat()
    moments = dict.fromkeys(("day", "clock", "when", "near", "near_when"), at)
    services, cities = list(catalogue.service), list(catalogue.city)
    areas, documents = list(catalogue.area) or ["area"], ["bank_passbook", "affidavit"]
    return {
        "text": WORDS[language], "digits": DIGITS, "slowly": DIGITS, "code": "RP7", "number": 2, "ordinal": 2,
        "money": 50, "daypart": "morning", "month": 11, "clocks": ["10:30", "15:00"], **moments,
        "service": services[0], "services": services[:2], "city": cities[0], "cities": cities[:2],
        "area": areas[0], "areas": areas[:2], "document": documents[0], "documents": documents, "term": "kind.delay",
    }  # fmt: skip
