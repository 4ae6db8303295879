"""Prompts with values put in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.render import PromptError, Prompts
from prompts.sentence import Sentence
from tests.prompts.sample import NOW, SampleNames, both, write

HINDI = """
greeting: "नमस्ते। यह {brand} है। बताइए?"
service:
  which: "{services:services}?"
booked: "आपका नंबर {number:digits} है। {day:day} को {time:clock} आएँगे। शुल्क {fee:money}।"
bring: "{documents:documents} साथ रखें।"
note: "आपने कहा {said}।"
document:
  identity: "पहचान पत्र।"
  photo: "फ़ोटो"
"""
ENGLISH = """
greeting: "Hello. This is {brand}. Tell me?"
service:
  which: "{services:services}?"
booked: "Your number is {number:digits}. We come {day:day} at {time:clock}. The fee is {fee:money}."
bring: "Keep {documents:documents} ready."
note: "You said {said}."
document:
  identity: "proof of identity"
  photo: "a photo"
"""


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Prompts:
    return Prompts.load(write(tmp_path_factory.mktemp("prompts"), both(HINDI, ENGLISH)))


def text(prompts: Prompts, language: str, key: str, values: Mapping[str, Any]) -> str:
    return " ".join(s.text for s in prompts.render(language, key, values, SampleNames(), NOW))


def test_only_sentences_without_a_variable_part_are_fixed(prompts: Prompts) -> None:
    assert prompts.render("hi", "greeting", {"brand": "मितान"}, SampleNames(), NOW) == (
        Sentence("नमस्ते।", "hi", "greeting.0"),
        Sentence("यह मितान है।", "hi"),
        Sentence("बताइए?", "hi", "greeting.2"),
    )


def test_every_fixed_sentence_is_known_ahead(prompts: Prompts) -> None:
    fixed = prompts.fixed_sentences()
    assert Sentence("Hello.", "en", "greeting.0") in fixed
    assert Sentence("बताइए?", "hi", "greeting.2") in fixed
    assert len(fixed) == 8
    assert len({(s.language, s.fixed) for s in fixed}) == len(fixed)


def test_a_booking_is_read_back_in_words(prompts: Prompts) -> None:
    values = {"number": "12345670", "day": "2026-11-22", "time": "10:30", "fee": 50}
    assert text(prompts, "hi", "booked", values) == (
        "आपका नंबर एक दो तीन चार, पाँच छह सात शून्य है। कल, रविवार, बाईस नवंबर को सुबह साढ़े दस बजे आएँगे। शुल्क पचास रुपये।"
    )
    assert text(prompts, "en", "booked", values).endswith(
        "We come tomorrow, Sunday the twenty-second of November at half past ten in the morning. "
        "The fee is fifty rupees."
    )


def test_documents_are_named_by_their_prompts_without_their_full_stop(prompts: Prompts) -> None:
    assert text(prompts, "hi", "bring", {"documents": ["identity", "photo"]}) == "पहचान पत्र और फ़ोटो साथ रखें।"


def test_keys_are_those_of_all_languages(prompts: Prompts) -> None:
    assert prompts.keys >= {"greeting", "service.which", "document.photo"}
    assert prompts.languages == ("en", "hi")


@pytest.mark.parametrize(
    ("language", "key", "values", "message"),
    [
        ("hi", "nothing", {}, "hi: nothing: no such prompt"),
        ("fr", "greeting", {}, "fr: greeting: no such prompt"),
        ("hi", "greeting", {}, r"hi: greeting: \{brand\}: the value is missing"),
        ("hi", "greeting", {"brand": None}, "the value is missing"),
        ("en", "booked", {"number": "12", "day": "soon"}, r"en: booked: \{day:day\}: needs an ISO date"),
        ("hi", "bring", {"documents": ["passport"]}, r"\{documents:documents\}: knows no document 'passport'"),
        ("hi", "service.which", {"services": ["tea"]}, r"knows no service 'tea'"),
    ],
)
def test_what_cannot_be_said_is_named_with_key_and_placeholder(
    prompts: Prompts, language: str, key: str, values: dict[str, Any], message: str
) -> None:
    with pytest.raises(PromptError, match=message):
        prompts.render(language, key, values, SampleNames(), NOW)


@given(said=st.text(min_size=1))
def test_nothing_in_a_value_breaks_a_prompt(prompts: Prompts, said: str) -> None:
    (sentence,) = prompts.render("en", "note", {"said": said}, SampleNames(), NOW)
    assert sentence.text.startswith("You said ")
    assert sentence.fixed is None


@pytest.mark.parametrize("said", ["{fee:money}", "<b>bold</b> & co", "{", "\\1", "100%", "एक। दो। तीन।"])
def test_markup_and_braces_in_a_value_stay_what_they_are(prompts: Prompts, said: str) -> None:
    assert text(prompts, "en", "note", {"said": said}) == f"You said {said}."


def test_the_same_prompt_twice_is_the_same(prompts: Prompts) -> None:
    values = {"brand": "मितान"}
    once, twice = (prompts.render("hi", "greeting", values, SampleNames(), NOW) for _ in range(2))
    assert once == twice
