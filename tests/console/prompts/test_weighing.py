"""Phrases that take sentences from another meaning are shown before they are saved, with the sentences."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from flask import Flask

from booking.conversations import Line, add_turns, start
from models.store import Store
from tests.console.accounts.house import ASHA, Browser, Clock, entered
from tests.console.prompts.house import drafted, form, save
from tests.console.prompts.test_editing import form_of

INCOME = "phrases/services.income_certificate"
THIEF = "शादी का कागज"


def with_more(browser: Browser, draft: str, key: str, more: str, **typed: str) -> object:
    """The Hindi phrases of a list, and more."""
    return save(browser, draft, key, hi=f"{form(browser, f'{draft}/{key}/edit')['hi']}\n{more}", **typed)


def mark(text: str) -> str:
    found = re.search(r'name="anyhow" value="(\w+)"', text)
    assert found
    return found[1]


def test_a_thief_is_shown_with_its_sentence_and_nothing_is_saved_or_lost(esha: Browser) -> None:
    draft = drafted(esha)
    answer = with_more(esha, draft, INCOME, THIEF, en="income certificate\nproof of income")
    assert answer.status_code == 422
    assert f'<th scope="row" lang="hi">{THIEF}</th>' in answer.text
    assert "Service: marriage registration certificate" in answer.text
    assert "Service: income certificate" in answer.text
    assert f"{THIEF}</textarea>" in answer.text
    assert "proof of income</textarea>" in answer.text
    assert THIEF not in esha.get(f"{draft}?only=changed").text


def test_it_is_saved_anyhow_by_who_has_seen_exactly_these_sentences(esha: Browser) -> None:
    draft = drafted(esha)
    seen = mark(with_more(esha, draft, INCOME, THIEF).text)
    other = with_more(esha, draft, INCOME, f"{THIEF}\nजन्म प्रमाण पत्र", anyhow=seen)
    assert other.status_code == 422
    assert with_more(esha, draft, INCOME, THIEF, anyhow=seen).status_code == 303
    assert THIEF in esha.get(f"{draft}?only=changed").text


def test_what_callers_said_lately_counts(esha: Browser, store: Store, clock: Clock) -> None:
    draft, when = drafted(esha), clock.now() - timedelta(days=3)
    with store.begin() as session:
        lines = (Line("caller", "heard", "शादी का खजाना", "service"), Line("caller", "heard", "मेरा खजाना", "note"))
        add_turns(session, when, start(session, when, "phone", None), lines)
    answer = with_more(esha, draft, INCOME, "खजाना")
    assert "शादी का खजाना" in answer.text
    assert "मेरा खजाना" not in answer.text


def test_a_phrase_that_stands_under_two_meanings_is_named(esha: Browser) -> None:
    draft = drafted(esha)
    answer = with_more(esha, draft, "phrases/answers.no", "हाँ")
    assert answer.status_code == 422
    assert '<li><span lang="hi">हाँ</span> → Answer: yes</li>' in answer.text


def test_harmless_phrases_prompts_and_what_is_taken_back_are_saved_at_once(esha: Browser) -> None:
    draft = drafted(esha)
    assert with_more(esha, draft, INCOME, "आमदनी वाला कागज").status_code == 303
    assert with_more(esha, draft, "phrases/words", "कुछ भी").status_code == 303
    assert with_more(esha, draft, INCOME, THIEF, anyhow="x").status_code == 422
    assert save(esha, draft, INCOME, back="hi").status_code == 303


def test_bad_phrases_are_named_before_anything_is_compared(esha: Browser) -> None:
    draft = drafted(esha)
    for typed, named in (
        ("", "at least one phrase"),
        ("क" * 10_000, "longer than 200"),
        ("<b>x</b>", "cannot be spoken"),
    ):
        answer = save(esha, draft, INCOME, hi=typed)
        assert answer.status_code == 422
        assert named in html.unescape(answer.text)


def test_the_page_of_publishing_shows_what_was_saved_anyhow(esha: Browser) -> None:
    draft = drafted(esha)
    assert "What the phrases do" not in esha.get(f"{draft}/publish").text
    with_more(esha, draft, INCOME, THIEF, anyhow=mark(with_more(esha, draft, INCOME, THIEF).text))
    text = esha.get(f"{draft}/publish").text
    assert "What the phrases do" in text
    assert THIEF in text


def test_who_saves_anyhow_still_overwrites_nobody_unseen(house: Flask, esha: Browser) -> None:
    draft, asha = drafted(esha), entered(house, ASHA)
    doubted = with_more(esha, draft, INCOME, THIEF)
    assert save(asha, draft, INCOME, hi="आय प्रमाण पत्र\nआमदनी वाला कागज").status_code == 303
    fields = {**form_of(doubted.text), "anyhow": mark(doubted.text)}
    late = esha.post(f"{draft}/{INCOME}/edit", **fields)
    assert late.status_code == 409
    assert f"{THIEF}</textarea>" in late.text
    assert "आमदनी वाला कागज" in esha.get(f"{draft}?only=changed").text
