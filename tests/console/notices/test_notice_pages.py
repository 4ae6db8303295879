"""The pages of notices: who changes them, what is refused, two at once, going back."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from booking.notice_wordings import FURTHER
from booking.templates import FAULTS
from booking.wording import PLAIN, notices
from booking.wording_check import CHANNELS
from console.notices.parts import WORDS, wordings
from models.store import Store
from tests.console.accounts.house import ESHA, PREM, RAVI, Browser, Clock, entered
from tests.console.notices.house import HOME, furnished

AT = f"{HOME}/delivered"
NEW = {"hi": "{name} {number}: सौंप दिया", "en": "{name} {number}: it is yours", "id_sms_hi": "1007001"}
PAGES = Path(__file__).parents[3] / "console/notices"


@pytest.fixture
def house(store: Store) -> Flask:
    return furnished(store, Clock())


@pytest.fixture
def prem(house: Flask) -> Browser:
    return entered(house, PREM)


def form(browser: Browser) -> dict[str, str]:
    """The fields as they stand on the page."""
    text = browser.get(AT).text
    found = dict(re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', text))
    found |= dict(re.findall(r'<input class="field" [^>]*name="(\w+)" value="([^"]*)"', text))
    found |= dict(re.findall(r'<input type="hidden" name="(seen)" value="(\d+)"', text)[:1])
    return {name: html.unescape(value) for name, value in found.items()}


def sent(browser: Browser, **typed: str) -> TestResponse:
    return browser.post(AT, **{**form(browser), **typed})


def test_publishers_and_administrators_change_notices_editors_read_them_and_others_see_nothing(house: Flask) -> None:
    esha, ravi = entered(house, ESHA), entered(house, RAVI)
    assert [esha.get(HOME).status_code, esha.get(AT).status_code, ravi.get(HOME).status_code] == [200, 200, 403]
    assert "the role publisher or administrator is needed" in esha.get(AT).text
    assert esha.post(AT, on=HOME, **NEW).status_code == 403
    assert Browser(house).get(HOME).status_code == 302


def test_every_notice_stands_in_the_list_in_both_languages(prem: Browser) -> None:
    page = html.unescape(re.sub(r"<span class=\"chip\"[^>]*>([^<]*)</span>", r"[\1]", prem.get(HOME).text))
    assert re.findall(r'<li class="card notice" id="(\w+)"', page) == list(notices().texts)
    assert "[helpline's name] [number]: good news! Your [service] is ready." in page


def test_a_saved_text_is_written_from_now_on(house: Flask, prem: Browser) -> None:
    assert sent(prem, **NEW).status_code == 303
    page = prem.get(HOME).text
    assert "Saved." in page
    assert "changed, version 1" in page
    with house.app_context():
        message = wordings().notices.compose("delivered", "hi", {"number": "12345678"})
    assert (message.text, message.template_id) == ("मितान 12345678: सौंप दिया", "1007001")


def test_what_is_refused_gets_a_sentence_beside_its_field_and_stays_typed(prem: Browser) -> None:
    answer = sent(prem, hi="{name} {number} saunp diya", en="{name} <b>{number}</b> {", id_sms_en="a b")
    assert answer.status_code == 422
    for sentence in ("Braces { } are for values only.", "An id has letters, digits", "Write Hindi in Devanagari."):
        assert sentence in answer.text
    assert "saunp diya" in answer.text
    assert "&lt;b&gt;{number}&lt;/b&gt; {" in answer.text
    assert 'value="a b"' in answer.text
    assert "changed, version" not in prem.get(HOME).text


def test_of_two_who_change_a_notice_the_later_one_is_told_and_may_save_again(house: Flask, prem: Browser) -> None:
    asha = entered(house, "asha.sahu")
    late = form(asha)
    sent(prem, **NEW)
    answer = asha.post(AT, **{**late, "en": "{name} {number}: here", "hi": "{name} {number}: लीजिए"})
    assert answer.status_code == 409
    assert "Somebody else has changed this meanwhile" in answer.text
    assert ": it is yours" in answer.text
    assert "{name} {number}: here" in answer.text
    assert 'name="seen" value="1"' in answer.text
    assert asha.post(AT, **{**late, "en": "{name} {number}: here", "hi": NEW["hi"], "seen": "1"}).status_code == 303
    assert "changed, version 2" in asha.get(HOME).text


def test_an_earlier_version_comes_back_in_one_click(house: Flask, prem: Browser) -> None:
    first = form(prem)
    sent(prem, **NEW)
    assert prem.post(f"{AT}/again/0", on=AT, seen="1").status_code == 303
    assert {**form(prem), "seen": ""} == {**first, "seen": ""}
    assert prem.post(f"{AT}/again/7", on=AT, seen="2").status_code == 404
    assert prem.post(f"{AT}/again/1", on=AT, seen="1").status_code == 409


def test_a_look_shows_sample_values_length_and_parts_while_typing(prem: Browser) -> None:
    found = prem.post(f"{AT}/preview", on=AT, **NEW).text
    assert "Mitan 12345678: it is yours" in found
    assert "1 SMS · 37 characters with the longest values, at most 160" in found
    wrong = prem.post(f"{AT}/preview", on=AT, **{**NEW, "en": "{name} {number} " + "x" * 200}).text
    assert "2 SMS" in wrong
    assert "Make it shorter." in wrong
    assert "There is no preview" in prem.post(f"{AT}/preview", on=AT, **{**NEW, "en": "{nobody}"}).text


def test_every_notice_has_a_form_with_a_preview(prem: Browser) -> None:
    for event in notices().texts:
        page = prem.get(f"{HOME}/{event}")
        assert page.status_code == 200
        assert "There is no preview" not in page.text


def test_a_notice_that_there_is_not_is_missing(prem: Browser) -> None:
    for path in (f"{HOME}/nothing", f"{HOME}/__class__"):
        assert prem.get(path).status_code == 404


def test_both_languages_have_the_same_labels_and_hindi_is_devanagari() -> None:
    assert WORDS["hi"].keys() == WORDS["en"].keys()
    fields = {lang: {k: set(re.findall(r"\{\w+\}", v)) for k, v in WORDS[lang].items()} for lang in WORDS}
    assert fields["hi"] == fields["en"]
    plain = [k for k, v in WORDS["hi"].items() if not re.search("[\u0900-\u097f]", v)]
    assert [k for k in plain if "SMS" not in WORDS["hi"][k]] == []


def test_every_label_that_a_page_needs_exists_and_every_one_is_used() -> None:
    text = "\n".join(p.read_text("utf-8") for kind in ("html", "py") for p in PAGES.rglob(f"*.{kind}"))
    needed = {f"event_{event.removesuffix(PLAIN)}" for event in notices().texts}
    needed |= {f"variable_{name}" for name in notices().variables} | {f"channel_{channel}" for channel in CHANNELS}
    needed |= {f"fault_{code}" for code in (*FAULTS, *FURTHER)} | set(re.findall(r"\bw\.(\w+)", text))
    needed |= set(re.findall(r"words\['(\w+)'\]", text)) | set(re.findall(r'"(said_\w+)"', text))
    assert needed == WORDS["en"].keys()
