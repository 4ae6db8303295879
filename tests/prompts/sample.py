"""A small world for the prompt tests: names, a fixed now, and a folder of prompts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from prompts.spoken.forms import FORMS, Saying

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Asia/Kolkata"))  # a Saturday

SERVICES = {
    "birth_certificate": {"hi": "जन्म प्रमाण पत्र", "en": "birth certificate"},
    "income_certificate": {"hi": "आय प्रमाण पत्र", "en": "income certificate"},
    "pan_card": {"hi": "पैन कार्ड", "en": "PAN card"},
}
CITIES = {"raipur": {"hi": "रायपुर", "en": "Raipur"}, "durg": {"hi": "दुर्ग", "en": "Durg"}}
AREAS = {"korba_east": {"hi": "कोरबा पूर्व", "en": "Korba East"}}
DOCUMENTS = {"identity": {"hi": "पहचान पत्र", "en": "proof of identity"}, "photo": {"hi": "फ़ोटो", "en": "a photograph"}}


class SampleNames:
    """Names of two cities and three services."""

    def service(self, id: str, language: str) -> str:
        return SERVICES[id][language]

    def city(self, id: str, language: str) -> str:
        return CITIES[id][language]

    def area(self, id: str, language: str) -> str:
        return AREAS[id][language]


def say(language: str, form: str, value: object, now: datetime = NOW) -> str:
    """`value` in a spoken form."""
    return FORMS[form](value, Saying(language, now, SampleNames(), lambda id: DOCUMENTS[id][language]))


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write `{"hi/prompts.yaml": text}` under `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def both(hi: str, en: str) -> dict[str, str]:
    """The prompt files of both languages."""
    return {"hi/prompts.yaml": hi, "en/prompts.yaml": en}
