"""Prompts are edited in drafts: nothing typed is lost, nobody is overwritten unseen, bad texts are named."""

from __future__ import annotations

import html

import pytest
from flask import Flask

from booking.audit import Wanted, entries
from models.store import Store
from tests.console.accounts.house import ASHA, RAVI, Browser, entered
from tests.console.prompts.house import HOME, drafted, form, save

ASK, GREETING = "prompt/help.ask", "prompt/welcome.both"


def test_every_prompt_is_shown_in_both_languages_with_where_it_is_said_and_its_chips(esha: Browser) -> None:
    text = esha.get(HOME).text
    assert "बताइए, मैं आपकी क्या मदद करूँ?" in text
    assert "how can I help you?" in text
    assert '<span class="chip" title="{helpline:digits}">helpline · digit by digit</span>' in text
    assert "Said at:" in text
    assert "{brand}" not in text.replace('title="{brand}"', "")


@pytest.mark.parametrize("words", ["मदद करूँ", "HOW CAN I", "help.ask"])
def test_search_finds_texts_of_either_language_and_keys(esha: Browser, words: str) -> None:
    found = esha.get(f"{HOME}?q={words}").text
    assert 'data-key="help.ask"' in found
    assert 'data-key="bye.plain"' not in found
    assert "Nothing was found" in esha.get(f"{HOME}?q=xyzzy").text


def test_an_edition_itself_cannot_be_changed_and_a_draft_can(esha: Browser) -> None:
    assert '/edit"' not in esha.get(HOME).text
    draft = drafted(esha)
    assert f"{draft}/{ASK}/edit" in esha.get(draft).text


def test_a_change_stands_in_the_draft_and_nowhere_else(esha: Browser, store: Store) -> None:
    draft = drafted(esha)
    assert save(esha, draft, ASK, hi="बोलिए, क्या करूँ?").status_code == 303
    assert "बोलिए, क्या करूँ?" in esha.get(f"{draft}?only=changed").text
    assert "बोलिए, क्या करूँ?" not in esha.get(f"{HOME}?q=help").text
    with store.read() as session:
        (entry,) = entries(session, Wanted(what="prompt"), None, 10)
    assert (entry.who, entry.subject) == ("esha", "draft:1/hi/help.ask")
    assert entry.before == {"text": "बताइए, मैं आपकी क्या मदद करूँ?"}
    assert entry.after == {"text": "बोलिए, क्या करूँ?"}


def test_phrases_are_edited_one_a_line(esha: Browser) -> None:
    draft = drafted(esha)
    assert save(esha, draft, "phrases/answers.no", en="no\nnope\n").status_code == 303
    assert "<li>nope</li>" in esha.get(f"{draft}?only=changed").text


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("", "Something must stand here"),
        ("Welcome to {brand}.", 'gone missing: <span class="chip" title="{helpline:digits}">'),
        ("Welcome {brand} {helpline:digits} {fee:money}", "not known here: <span"),
        ("{brand {helpline:digits}", "Braces"),
        ("<script>alert(1)</script> {brand} {helpline:digits}", "&lt; cannot be spoken"),
        ("x" * 10_000, "10000 / 1500"),
    ],
)
def test_a_bad_text_is_named_beside_its_field_and_nothing_typed_is_lost(esha: Browser, typed: str, named: str) -> None:
    draft = drafted(esha)
    answer = save(esha, draft, GREETING, en=typed, hi="{brand} {helpline:digits} में स्वागत।")
    assert answer.status_code == 422
    assert 'id="wrong-en" lang="en">' in answer.text
    assert named in answer.text
    assert f">{html.escape(typed)}</textarea>" in answer.text.replace("&#34;", "&quot;")
    assert "{brand} {helpline:digits} में स्वागत।</textarea>" in answer.text
    assert "Changed in the draft" not in esha.get(draft).text


def test_who_comes_second_is_told_and_keeps_what_they_typed(house: Flask, esha: Browser) -> None:
    draft, asha = drafted(esha), entered(house, ASHA)
    at = f"{draft}/{ASK}/edit"
    old = form(asha, at)
    assert save(esha, draft, ASK, en="What is it?").status_code == 303
    second = asha.post(at, **{**old, "en": "Yes, please?"})
    assert second.status_code == 409
    assert "esha has changed this meanwhile" in second.text
    assert "What is it?" in second.text
    assert ">Yes, please?</textarea>" in second.text
    assert "What is it?" in esha.get(f"{draft}?only=changed").text
    assert asha.post(at, **{**form_of(second.text), "en": "Yes, please?"}).status_code == 303  # knowingly
    assert "Yes, please?" in esha.get(f"{draft}?only=changed").text


def form_of(text: str) -> dict[str, str]:
    class Page:
        def get(self, _: str) -> object:
            return type("Answer", (), {"text": text})()

    return form(Page(), "")  # type: ignore[arg-type]


def test_two_who_change_different_languages_do_not_disturb_each_other(house: Flask, esha: Browser) -> None:
    draft, asha = drafted(esha), entered(house, ASHA)
    at = f"{draft}/{ASK}/edit"
    old = form(asha, at)
    save(esha, draft, ASK, en="What is it?")
    assert asha.post(at, **{**old, "hi": "बोलिए।"}).status_code == 303
    text = esha.get(f"{draft}?only=changed").text
    assert "What is it?" in text
    assert "बोलिए।" in text


def test_one_bad_language_does_not_hide_that_the_other_was_changed_meanwhile(house: Flask, esha: Browser) -> None:
    draft, asha = drafted(esha), entered(house, ASHA)
    at = f"{draft}/{ASK}/edit"
    old = form(asha, at)
    save(esha, draft, ASK, en="What is it?")
    bad = asha.post(at, **{**old, "en": "Mine", "hi": ""})
    assert bad.status_code == 422
    assert asha.post(at, **{**form_of(bad.text), "hi": "बोलिए।"}).status_code == 409


def test_a_change_is_taken_back(esha: Browser) -> None:
    draft = drafted(esha)
    save(esha, draft, ASK, en="What is it?", hi="बोलिए।")
    assert save(esha, draft, ASK, back="en").status_code == 303
    text = esha.get(f"{draft}?only=changed").text
    assert "What is it?" not in text
    assert "बोलिए।" in text


def test_parts_are_fetched_by_htmx_as_fragments(esha: Browser) -> None:
    draft = drafted(esha)
    part = esha.get(f"{draft}/{ASK}/edit", **{"HX-Request": "true"}).text
    assert part.lstrip().startswith("<li")
    assert esha.get(f"{draft}?q=help", **{"HX-Request": "true"}).text.startswith('<div id="list"')


@pytest.mark.parametrize("name", ["", "x" * 70, "Diwali", "<b>\x07"])
def test_a_draft_without_a_name_of_its_own_is_refused_with_the_reason(esha: Browser, name: str) -> None:
    drafted(esha)
    answer = esha.post(HOME, name=name)
    assert answer.status_code == 400
    assert 'id="name-wrong"' in answer.text


def test_a_draft_is_thrown_away(esha: Browser) -> None:
    draft = drafted(esha)
    save(esha, draft, ASK, en="What is it?")
    assert esha.post(f"{draft}/throw-away", on=draft).status_code == 303
    assert esha.get(draft).status_code == 404
    assert esha.post(f"{draft}/{ASK}/edit", on=HOME, en="x", was_en="y").status_code == 404


@pytest.mark.parametrize("path", ["/77", "/77/prompt/help.ask", "/1/prompt/no.such", "/1/other/help.ask"])
def test_what_is_not_there_is_not_found(esha: Browser, path: str) -> None:
    drafted(esha)
    assert esha.get(f"{HOME}{path}/edit").status_code == 404


def test_publishers_read_and_agents_do_not_even_see(house: Flask, prem: Browser, esha: Browser) -> None:
    draft, ravi = drafted(esha), entered(house, RAVI)
    assert prem.get(draft).status_code == 200
    assert '/edit"' not in prem.get(draft).text
    assert prem.get(f"{draft}/{ASK}/edit").status_code == 403
    for path in (HOME, draft, f"{draft}/{ASK}/edit"):
        assert ravi.get(path).status_code == 403
        assert Browser(house).get(path).status_code == 302
