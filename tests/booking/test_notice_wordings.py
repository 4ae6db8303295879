"""The wording of notices changed by people: checked, kept in versions, counted at once by all who compose."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from booking.audit import Wanted, Who, entries
from booking.errors import StaleState
from booking.live_wording import Edit, Live, of_event
from booking.notice_wordings import FURTHER, Change, edits, evened, latest, save, versions, wrong
from booking.templates import FAULTS
from booking.wording import notices
from booking.zone import ZONE
from ivr.wordings import Wordings
from models.store import Store

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
ESHA = Who("esha")
OWN = replace(notices(), template_ids={"sms.delivered.hi": "1007001", "sms.booked.hi": "1007002"})
VALUES = {"number": "12345678", "service": "PAN card"}
SHORT = Edit({"hi": "{name} {number}: सौंप दिया", "en": "{name} {number}: delivered"}, {"sms.en": "1007003"})


def saves(store: Store, edit: Edit, seen: int = 0, event: str = "delivered") -> int:
    with store.begin() as session:
        return save(session, NOW, ESHA, OWN, Change(event, edit, seen))


def codes(edit: Edit, event: str = "delivered") -> list[str]:
    return [fault.code for fault in wrong(OWN, event, evened(edit))]


def test_what_is_saved_is_written_by_every_process_and_what_was_written_stays(store: Store) -> None:
    here, there = Wordings(store, OWN), Wordings(store, OWN)
    before = here.notices.compose("delivered", "en", VALUES)
    saves(store, SHORT)
    for process in (here, there):
        process.look()
        message = process.notices.compose("delivered", "en", VALUES)
        assert (message.text, message.template_id) == ("Mitan 12345678: delivered", "1007003")
    assert "call 14545" in before.text


def test_a_changed_text_has_the_ids_given_with_it_and_no_configured_one(store: Store) -> None:
    saves(store, SHORT)
    wordings = Wordings(store, OWN)
    wordings.look()
    hindi = wordings.notices.compose("delivered", "hi", VALUES)
    assert (hindi.text, hindi.template_id) == ("मितान 12345678: सौंप दिया", "")
    assert wordings.notices.present.template_ids == {"sms.booked.hi": "1007002", "sms.delivered.en": "1007003"}


def test_a_helpline_of_another_name_says_so_in_changed_texts_too(store: Store) -> None:
    saves(store, SHORT)
    wordings = Wordings(store, OWN)
    wordings.look()
    renamed = wordings.notices.branded("मोर संगवारी", "Mor Sangwari")
    assert renamed.compose("delivered", "en", VALUES).text == "Mor Sangwari 12345678: delivered"
    assert wordings.notices.compose("delivered", "en", VALUES).text == "Mitan 12345678: delivered"


def test_a_process_goes_on_with_what_it_knows_while_another_event_is_gone_from_the_product() -> None:
    live = Live()
    live.take({"no_such_event": SHORT, "delivered": SHORT})
    assert live.of(OWN).texts["delivered"] == SHORT.texts
    assert "no_such_event" not in live.of(OWN).texts


def test_every_version_is_kept_and_the_newest_counts(store: Store) -> None:
    longer = replace(SHORT, texts={**SHORT.texts, "en": "{name} {number}: it was delivered"})
    assert [saves(store, SHORT), saves(store, longer, 1), saves(store, SHORT, 2)] == [1, 2, 3]
    with store.read() as session:
        assert [row.version for row in versions(session, "delivered")] == [3, 2, 1]
        assert edits(session) == {"delivered": SHORT}
        assert latest(session)["delivered"].author == "esha"


def test_who_has_not_seen_the_newest_version_cannot_save_over_it(store: Store) -> None:
    saves(store, SHORT)
    with pytest.raises(StaleState):
        saves(store, replace(SHORT, template_ids={}), seen=0)
    with store.read() as session:
        assert edits(session)["delivered"] == SHORT


def test_what_says_the_same_as_before_makes_no_version(store: Store) -> None:
    assert saves(store, of_event(OWN, "delivered")) == 0
    assert saves(store, SHORT) == saves(store, SHORT, 1) == 1


def test_a_change_stands_in_the_audit_trail_with_before_and_after(store: Store) -> None:
    saves(store, SHORT)
    with store.read() as session:
        (entry,) = entries(session, Wanted(what="notice.changed"), None, 10)
    assert (entry.who, entry.subject) == ("esha", "notice:delivered")
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["template sms.hi"] == "1007001"
    assert entry.after["en"] == SHORT.texts["en"]


@pytest.mark.parametrize("event", OWN.texts)
def test_the_product_s_own_texts_can_all_be_saved(event: str) -> None:
    assert codes(of_event(OWN, event), event) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("{name} {number}: delivered {", "unreadable"),
        ("{name} {number}: delivered }", "unreadable"),
        ("{name} {number} {}", "unknown"),
        ("{name} {number} {0}", "unknown"),
        ("{name} {number.__class__}", "unknown"),
        ("{name} {number!r}", "form"),
        ("{name} {number:>99}", "form"),
        ("{name} {number:{name}}", "form"),
        ("{name} {nobody}", "unknown"),
        ("{name} {number} {executive}", "differs"),
        ("{name} is delivered", "differs"),
        ("{name} {number} नमस्ते", "alphabet"),
        ("{name} {number} 😀", "alphabet"),
        ("{name} {number} " + "x" * 160, "long"),
        ("{name} {number} " + "x" * 10_000, "long"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused(text: str, code: str) -> None:
    assert code in codes(Edit({**SHORT.texts, "en": text}, {}))


def test_hindi_is_written_in_devanagari() -> None:
    assert codes(Edit({**SHORT.texts, "hi": "{name} {number} saunp diya"}, {})) == ["hindi"]


def test_a_variable_that_is_not_given_at_this_event_is_refused() -> None:
    both = {language: f"{text} {{executive}}" for language, text in SHORT.texts.items()}
    assert codes(Edit(both, {})) == ["strange", "strange"]


@pytest.mark.parametrize("id", ["<b>", "1 2", "x" * 65, "१२"])
def test_an_id_that_no_operator_gives_is_refused(id: str) -> None:
    assert codes(replace(SHORT, template_ids={"sms.hi": id})) == ["id"]


def test_doubled_braces_are_text_and_no_sms_in_english_has_them() -> None:
    assert codes(Edit({"hi": "{name} {number} {{सौंप}}", "en": "{name} {number} {{x}}"}, {})) == ["alphabet"]


def test_every_code_has_a_sentence_or_is_the_page_s_own() -> None:
    assert not set(FURTHER) & FAULTS.keys()
