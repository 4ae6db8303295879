"""A draft is published after a look; what others did meanwhile is not taken back; going back is easy."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from booking.audit import Wanted, entries
from console.prompts import deps
from ivr.trials import keeping
from ivr.trials.rehearsal import Fault, Faults
from models.store import Store
from prompts.contents import Spot, contents
from prompts.editions import current, files_of
from tests.console.accounts.house import ASHA, START, Browser, Clock
from tests.console.prompts.house import HOME, drafted, own, save

ASK = "prompt/help.ask"


def said(store: Store, clock: Clock, language: str = "en") -> str:
    """What a call that begins now is asked."""
    with store.read() as session:
        files = files_of(session, current(session, clock.now()), own().first)
    return contents(files)[Spot("prompt", language, "help.ask")][0]


def publish(browser: Browser, draft: str, **fields: str) -> tuple[int, str]:
    at = f"{draft}/publish"
    browser.post(f"{draft}/rehearsal", on=at)
    seen = re.search(r'name="seen" value="(\d+)"', browser.get(at).text)
    answer = browser.post(at, **{"seen": seen[1] if seen else "0", "note": "clearer", "when": "now", **fields})
    return answer.status_code, answer.text


def changed(browser: Browser, text: str = "What is it?", name: str = "Diwali") -> str:
    draft = drafted(browser, name)
    assert save(browser, draft, ASK, en=text).status_code == 303
    return draft


def test_what_is_published_is_heard_and_the_draft_is_closed(asha: Browser, store: Store, clock: Clock) -> None:
    draft = changed(asha)
    page = asha.get(f"{draft}/publish").text
    assert "how can I help you?</del>" in page
    assert "<ins>What is it?</ins>" in page
    assert "All checks pass." in page
    assert publish(asha, draft)[0] == 303
    assert said(store, clock) == "What is it?"
    assert "Edition 1 is published" in asha.get(f"{HOME}/history?n=1").text
    assert asha.get(draft).status_code == 404
    with store.read() as session:
        (entry,) = entries(session, Wanted(what="edition"), None, 5)
    assert (entry.who, entry.what, entry.subject) == (ASHA, "edition.published", "edition:1")
    assert entry.after is not None
    assert entry.after["note"] == "clearer"


def test_one_click_goes_back(asha: Browser, store: Store, clock: Clock) -> None:
    old = said(store, clock)
    publish(asha, changed(asha))
    assert asha.post(f"{HOME}/history/0/again", on=f"{HOME}/history").status_code == 303
    assert said(store, clock) == old
    assert "Back to edition 0" in asha.get(f"{HOME}/history").text
    assert asha.post(f"{HOME}/history/77/again", on=f"{HOME}/history").status_code == 404


def test_a_publication_at_a_time_is_heard_from_then_on(asha: Browser, store: Store, clock: Clock) -> None:
    old, draft = said(store, clock), changed(asha)
    assert publish(asha, draft, when="at", at="2026-11-24T06:00")[0] == 303
    assert said(store, clock) == old
    clock.later(hours=21)
    assert said(store, clock) == "What is it?"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"note": "  "}, "Write in 1 to 500 characters"),
        ({"note": "x" * 501}, "Write in 1 to 500 characters"),
        ({"when": "at", "at": ""}, "Choose a time to come"),
        ({"when": "at", "at": "tomorrow"}, "Choose a time to come"),
        ({"when": "at", "at": "2020-01-01T10:00"}, "Choose a time to come"),
    ],
)
def test_a_bad_form_is_named_and_nothing_typed_is_lost(
    asha: Browser, store: Store, clock: Clock, fields: dict[str, str], named: str
) -> None:
    old = said(store, clock)
    status, text = publish(asha, changed(asha), **fields)
    assert status == 422
    assert named in text
    assert f"{fields.get('note', 'clearer')}</textarea>" in text
    assert said(store, clock) == old


def test_what_was_changed_after_the_look_is_not_published_unseen(
    house: Flask, asha: Browser, esha: Browser, store: Store, clock: Clock
) -> None:
    old, draft = said(store, clock), changed(asha)
    save(esha, draft, "prompt/bye.plain", en="Bye.")
    status, text = publish(asha, draft, seen="2")
    assert status == 409
    assert "<ins>Bye.</ins>" in text or "Bye." in text
    assert said(store, clock) == old


def test_a_draft_of_an_older_edition_first_takes_over_what_others_published(
    asha: Browser, store: Store, clock: Clock
) -> None:
    first, second = changed(asha), changed(asha, "Yes, please?", "Holi")
    save(asha, first, "prompt/bye.plain", en="Bye now.")
    publish(asha, first)
    page = asha.get(f"{second}/publish").text
    assert "Edition 1 has been published meanwhile" in page
    assert "<code>help.ask</code> (English)" in page
    assert publish(asha, second)[0] == 409
    assert asha.post(f"{second}/move-on", on=f"{second}/publish").status_code == 303
    assert publish(asha, second)[0] == 303
    assert said(store, clock) == "Yes, please?"
    with store.read() as session:
        files = files_of(session, current(session, START), own().first)
    assert contents(files)[Spot("prompt", "en", "bye.plain")] == ("Bye now.",)


def test_a_draft_without_changes_is_not_published(asha: Browser) -> None:
    assert publish(asha, drafted(asha))[0] == 422


def test_editors_do_not_publish_and_publishers_do(house: Flask, esha: Browser, prem: Browser) -> None:
    draft = changed(esha)
    assert 'name="note"' not in esha.get(f"{draft}/publish").text
    assert esha.post(f"{draft}/publish", on=HOME, note="x").status_code == 403
    assert esha.post(f"{HOME}/history/0/again", on=HOME).status_code == 403
    assert publish(prem, draft)[0] == 303


def test_nothing_is_published_before_its_conversations_ended_well(
    house: Flask, asha: Browser, store: Store, clock: Clock
) -> None:
    old, draft = said(store, clock), changed(asha)
    at = f"{draft}/publish"
    page = asha.get(at).text
    assert "Play the conversations" in page
    assert 'name="note"' not in page
    assert "were not played" in asha.post(at, note="x", when="now", seen="2").text
    bad = Fault("hi/move", "A visit is moved", ("outcome is handoff, expected moved",), 4, "किस दिन", "माफ़ कीजिए", "हाँ")
    _rehearse_with(house, store, clock, Faults((bad,), ()))
    asha.post(f"{draft}/rehearsal", on=at)
    page = asha.get(at).text
    for shown in ("A visit is moved", "outcome is handoff", "Turn 4", "किस दिन", "माफ़ कीजिए"):
        assert shown in page
    assert 'name="note"' not in page
    assert asha.post(at, note="x", when="now", seen="2").status_code == 422
    assert said(store, clock) == old


def test_what_is_only_said_otherwise_does_not_stop_a_publication(
    house: Flask, asha: Browser, store: Store, clock: Clock
) -> None:
    doubt = Fault("hi/move", "A visit is moved", (), 4, "किस दिन", "कब", "हाँ", also=6)
    _rehearse_with(house, store, clock, Faults((), (doubt,)))
    draft = changed(asha)
    assert publish(asha, draft)[0] == 303


def test_the_page_follows_conversations_that_are_being_played(house: Flask, asha: Browser) -> None:
    deps.install(house, replace(own(), rehearse=lambda trial: None))
    draft = changed(asha)
    asha.post(f"{draft}/rehearsal", on=f"{draft}/publish")
    assert 'hx-trigger="every 1s"' in asha.get(f"{draft}/publish").text
    look = asha.get(f"{draft}/rehearsal")
    assert "<progress" in look.text
    assert "HX-Refresh" not in look.headers
    save(asha, draft, ASK, en="Yes?")
    assert asha.get(f"{draft}/rehearsal").headers["HX-Refresh"] == "true"


def test_a_waiting_edition_takes_over_what_is_published_and_a_clash_is_asked_about(
    asha: Browser, store: Store, clock: Clock
) -> None:
    publish(asha, changed(asha, "Festival?"), when="at", at="2026-11-24T06:00")
    urgent = changed(asha, "Urgent?", "Urgent")
    save(asha, urgent, "prompt/bye.plain", en="Bye now.")
    status, text = publish(asha, urgent)
    assert "Edition 1 begins at" in text
    assert status == 422
    assert "Choose whose words are heard then." in text
    assert "<code>help.ask</code> (English), Edition 1" in text
    assert publish(asha, urgent, clash="theirs")[0] == 303
    assert said(store, clock) == "Urgent?"
    history = asha.get(f"{HOME}/history").text
    assert "now edition 3, with what was published since" in history
    clock.later(hours=21)
    assert said(store, clock) == "Festival?"
    with store.read() as session:
        files = files_of(session, current(session, clock.now()), own().first)
    assert contents(files)[Spot("prompt", "en", "bye.plain")] == ("Bye now.",)


def test_a_waiting_edition_is_taken_back_and_its_draft_is_open_again(
    asha: Browser, esha: Browser, store: Store, clock: Clock
) -> None:
    old, draft = said(store, clock), changed(asha)
    publish(asha, draft, when="at", at="2026-11-24T06:00")
    at = f"{HOME}/history/1/take-back"
    assert esha.post(at, on=HOME).status_code == 403
    answer = asha.post(at, on=f"{HOME}/history")
    assert answer.status_code == 303
    assert "taken back by asha.sahu" in asha.get(f"{HOME}/history").text
    again = asha.post(at, on=f"{HOME}/history")
    assert "could not be taken back" in asha.get(again.headers["Location"]).text
    assert "What is it?" in asha.get(f"{draft}?q=help.ask").text
    clock.later(hours=21)
    assert said(store, clock) == old
    with store.read() as session:
        assert entries(session, Wanted(what="edition.taken_back"), None, 5)[0].subject == "edition:1"


def _rehearse_with(house: Flask, store: Store, clock: Clock, faults: Faults) -> None:
    ended = replace(own(), rehearse=lambda trial: keeping.ended(store, clock.now(), trial, faults))
    deps.install(house, ended)
