"""A sentence is tried on a draft: what is understood, why, what the helpline does with it, and what has changed."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ivr.speech import wav
from tests.console.accounts.house import RAVI, Browser, entered
from tests.console.prompts.house import drafted, form, save

PART = {"HX-Request": "true"}
LOUD, SHORT, SILENT = b"\x00\x40" * 8000, b"\x00\x40" * 1000, b"\x00\x00" * 8000


def tried(browser: Browser, draft: str, said: str, at: str = "service", language: str = "hi") -> str:
    answer = browser.post(f"{draft}/try", on=f"{draft}/try", said=said, at=at, language=language)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def spoken(browser: Browser, draft: str, audio: bytes, at: str = "yesno", language: str = "hi") -> TestResponse:
    page = browser.get(f"{draft}/try").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return browser.client.post(f"{draft}/try/spoken?at={at}&language={language}", data=audio,
                               headers={"X-CSRFToken": token, **PART}, content_type="audio/wav")  # fmt: skip


def test_what_is_understood_and_why_is_shown(esha: Browser) -> None:
    text = tried(esha, drafted(esha), "शादी का कागज बनवाना है")
    assert "Will be accepted" in text
    assert "<strong>Service: marriage registration certificate</strong>" in text
    assert "“शादी का सर्टिफिकेट”" in text
    assert "65 percent, 50 needed" in text
    assert '<span class="tag pale">Near it</span>' in text


@pytest.mark.parametrize(
    ("said", "at", "verdict"),
    [
        ("जमीन के कागज", "service", "Will be asked which of these"),
        ("गाड़ी का कागज", "service", "Will not be understood"),
        ("नागपुर", "city", "Will not be accepted, but something is said about it"),
        ("एजेंट से बात करनी है", "date", "Wish: talking to an agent"),
        ("दूसरा वाला", "slot", "Chosen: 2"),
        ("98261 23456", "digits", "Number"),
    ],
)
def test_every_way_of_taking_a_sentence_is_named(esha: Browser, said: str, at: str, verdict: str) -> None:
    assert verdict in tried(esha, drafted(esha), said, at)


def test_words_that_say_nothing_are_underlined(esha: Browser) -> None:
    assert "<u>गाडी</u>" in tried(esha, drafted(esha), "गाड़ी का लाइसेंस")


def test_the_draft_is_asked_and_the_present_edition_is_shown_beside_it_where_it_differs(esha: Browser) -> None:
    draft = drafted(esha)
    assert "The present edition understands the same." in tried(esha, draft, "तिजोरी")
    key = "phrases/services.income_certificate"
    assert save(esha, draft, key, hi=f"{form(esha, f'{draft}/{key}/edit')['hi']}\nतिजोरी").status_code == 303
    text = tried(esha, draft, "तिजोरी")
    assert "<strong>Service: income certificate</strong>" in text
    assert "The present edition understands something else:</span> <strong>Not understood" in text


@pytest.mark.parametrize("said", ["", "   ", "<script>alert(1)</script>", "\x00", "?", "{service}", "😀"])
def test_any_sentence_can_be_tried(esha: Browser, said: str) -> None:
    draft = drafted(esha)
    assert "<script>alert" not in esha.post(f"{draft}/try", on=f"{draft}/try", said=said, at="intent").text


def test_too_long_a_sentence_is_named_and_not_lost(esha: Browser) -> None:
    draft = drafted(esha)
    answer = esha.post(f"{draft}/try", on=f"{draft}/try", said="क" * 10_000, at="intent", language="hi")
    assert answer.status_code == 422
    assert "longer than 500 characters" in answer.text
    assert "क" * 10_000 in answer.text


@pytest.mark.parametrize(("at", "language"), [("weather", "hi"), ("intent", "fr"), ("../x", "hi")])
def test_a_question_or_language_that_there_is_not_is_refused(esha: Browser, at: str, language: str) -> None:
    draft = drafted(esha)
    assert esha.post(f"{draft}/try", on=f"{draft}/try", said="x", at=at, language=language).status_code == 400


def test_what_is_said_is_heard_with_the_phrases_of_the_question(esha: Browser) -> None:
    text = html.unescape(spoken(esha, drafted(esha), wav.to_wav(LOUD)).text)
    assert "Heard: “" in text
    assert "90 percent sure" in text
    assert text.lstrip().startswith("<section")


def test_what_is_heard_without_being_sure_is_asked_back(esha: Browser) -> None:
    draft = drafted(esha)
    key = "phrases/commands.agent"
    save(esha, draft, key, hi="मुझे इंसान से बात करनी है")
    text = spoken(esha, draft, wav.to_wav(SHORT)).text
    assert "Will be asked back" in text
    assert "मुझे इंसान से बात करनी है" in text


@pytest.mark.parametrize(
    ("audio", "language", "named"),
    [
        (wav.to_wav(SILENT), "hi", "Nothing was heard"),
        (b"no audio", "hi", "cannot be read"),
        (b"", "hi", "cannot be read"),
        (wav.to_wav(LOUD * 100), "hi", "cannot be read"),
        (wav.to_wav(LOUD), "en", "no recogniser for this language"),
    ],
    ids=["silence", "text", "empty", "too long", "no model"],
)
def test_what_cannot_be_heard_is_said(esha: Browser, audio: bytes, language: str, named: str) -> None:
    assert named in spoken(esha, drafted(esha), audio, language=language).text


def test_only_who_may_read_prompts_may_try(house: Flask, prem: Browser, esha: Browser) -> None:
    draft = drafted(esha)
    assert prem.get(f"{draft}/try").status_code == 200
    assert '/edit"' not in tried(prem, draft, "शादी का कागज")
    assert entered(house, RAVI).get(f"{draft}/try").status_code == 403
    assert Browser(house).get(f"{draft}/try").status_code == 302
    assert esha.get("/admin/prompts/77/try").status_code == 404
