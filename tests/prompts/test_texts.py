"""The texts as shipped: all of them can be said, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from prompts.check import check
from prompts.render import Prompts
from prompts.spoken.forms import FORMS
from prompts.template import placeholders
from tests.prompts.sample import NOW

ROOT = Path(__file__).resolve().parents[2] / "prompts"
PROMPTS = Prompts.load(ROOT)

# A value that fits each form; whole texts may give the same name two forms, so values go by form.
VALUES: dict[str, Any] = {
    "text": "मितान",
    "digits": "9826401715",
    "slowly": "300000003",
    "code": "DRG7",
    "number": 3,
    "ordinal": 2,
    "money": 50,
    "day": "2026-11-22",
    "clock": "13:30",
    "clocks": ["10:00", "11:00"],
    "when": "2026-11-22T10:30",
    "near": "2026-11-22",
    "near_when": "2026-11-22T10:30",
    "daypart": "morning",
    "month": 11,
    "service": "pan_card",
    "city": "raipur",
    "services": ["pan_card", "income_certificate"],
    "cities": ["raipur", "durg"],
    "area": "korba_east",
    "areas": ["korba_east", "korba_west"],
    "term": "kind.delay",
}


class EveryName:
    """Knows every id."""

    def service(self, id: str, language: str) -> str:
        return f"{id} {language}"

    def city(self, id: str, language: str) -> str:
        return f"{id} {language}"

    def area(self, id: str, language: str) -> str:
        return f"{id} {language}"


def documents() -> list[str]:
    """The ids of documents that have a prompt."""
    return sorted(key.removeprefix("document.") for key in PROMPTS.keys if key.startswith("document."))


def value_of(form: str) -> Any:
    """A value that fits `form`."""
    ids = documents()
    return {**VALUES, "document": ids[0], "documents": ids}[form]


def test_there_is_a_value_for_every_form() -> None:
    assert VALUES.keys() | {"document", "documents"} == FORMS.keys()


def test_the_texts_have_no_problem() -> None:
    assert [str(p) for p in check(ROOT)] == []


@pytest.mark.parametrize("language", PROMPTS.languages)
@pytest.mark.parametrize("key", sorted(PROMPTS.keys))
def test_every_prompt_can_be_said(language: str, key: str) -> None:
    forms = {p.name: p.form for text in PROMPTS.template(language, key) for p in placeholders(text)}
    values = {name: value_of(form) for name, form in forms.items()}
    sentences = PROMPTS.render(language, key, values, EveryName(), NOW)
    assert sentences
    assert all(s.text and s.language == language and not set("{}") & set(s.text) for s in sentences)
