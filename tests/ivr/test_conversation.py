"""A conversation over a real store: what is stored when, also when the store or another process interferes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from booking import callers, conversations
from booking.holds import claim_of
from dialogs.understand import Hearing
from ivr.actions import Action, End, Listen, RecordNote, Speak
from ivr.conversation import Conversation
from ivr.helpline import Helpline
from models.store import Store, StoreError
from models.voice_notes import VoiceNote
from prompts.errors import PromptError
from tests.calls.conftest import Town, _days, shared, town  # noqa: F401 - fixtures
from tests.calls.player import PinnedClock

NOW = datetime.fromisoformat("2026-11-20T10:00+05:30")
CALLER = "+919826401715"
SLOT = ("हिंदी", "कल सुबह रायपुर में जन्म प्रमाण पत्र के लिए", "पहला")


class Lost:
    """A store that cannot be written while `gone`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.gone = False

    @contextmanager
    def begin(self) -> Iterator[Any]:
        if self.gone:
            raise StoreError("the store cannot be reached")
        with self._store.begin() as session:
            yield session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def started(helpline: Helpline, caller: str | None = CALLER) -> Conversation:
    with helpline.store.begin() as session:
        id = conversations.start(session, helpline.clock.now(), "phone", caller)
    return Conversation(helpline, id)


def say(talk: Conversation, *texts: str, confidence: float = 1.0) -> list[Action]:
    actions: list[Action] = []
    for text in texts:
        actions = talk.heard([Hearing(text, confidence, "hi")])
    return actions


def texts(actions: list[Action]) -> str:
    return " ".join(a.text for a in actions if isinstance(a, Speak))


def turns(helpline: Helpline, id: str) -> list[tuple[str, str, str]]:
    with helpline.store.read() as session:
        return [(t.who, t.kind, t.text) for t in conversations.turns(session, id)]


@pytest.fixture
def here(town: Town) -> tuple[Helpline, PinnedClock]:  # noqa: F811 - the fixture
    return town(NOW)


def test_a_store_that_is_away_for_a_turn_costs_nothing(here: tuple[Helpline, PinnedClock]) -> None:
    helpline, _ = here
    store = Lost(helpline.store)
    talk = started(replace(helpline, store=store))  # type: ignore[arg-type]
    talk.begin()
    store.gone = True
    assert "मदद करूँ" in texts(say(talk, "हिंदी"))
    assert Conversation(helpline, talk.id).state.node == "language"
    store.gone = False
    assert "किस शहर" in texts(say(talk, "पैन कार्ड बनवाना है"))
    said = [text for who, _, text in turns(helpline, talk.id) if who == "caller"]
    assert said == ["हिंदी", "पैन कार्ड बनवाना है"]
    assert Conversation(helpline, talk.id).state == talk.state


def test_the_booking_that_a_lost_store_refused_is_told_and_goes_to_a_person(
    here: tuple[Helpline, PinnedClock],
) -> None:
    helpline, clock = here
    store = Lost(helpline.store)
    talk = started(replace(helpline, store=store, operations=replace(helpline.operations, store=store)))  # type: ignore[arg-type]
    talk.begin()
    say(talk, *SLOT[:1])
    before = talk.state
    store.gone = True
    assert "लाइन पर रहिए" in texts(say(talk, SLOT[1]))
    assert talk.state == before
    assert "लाइन पर रहिए" in texts(talk.silent())  # still waiting
    clock.move(helpline.settings.limits.store_down_s + 1)
    answer = texts(talk.silent())
    assert "गड़बड़" in answer
    assert "थोड़ी देर बाद" in answer
    assert talk.state.outcome == "trouble"


def test_a_turn_that_waited_for_the_store_is_done_once_when_the_store_is_back(
    here: tuple[Helpline, PinnedClock],
) -> None:
    helpline, _ = here
    store = Lost(helpline.store)
    talk = started(replace(helpline, store=store, operations=replace(helpline.operations, store=store)))  # type: ignore[arg-type]
    talk.begin()
    say(talk, *SLOT[:1])
    store.gone = True
    say(talk, SLOT[1])
    store.gone = False
    assert "लाइन पर रहिए" not in texts(talk.silent())  # silence is no answer: what was said before is
    assert talk.state.misses == 0
    assert talk.state.offers


def test_a_process_that_was_overtaken_does_not_overwrite_what_the_other_stored(
    here: tuple[Helpline, PinnedClock], caplog: pytest.LogCaptureFixture
) -> None:
    helpline, _ = here
    late = started(helpline)
    late.begin()
    other = Conversation(helpline, late.id)
    say(other, "हिंदी", "पैन कार्ड बनवाना है")
    with caplog.at_level(logging.WARNING):
        say(late, "english please")
    assert "another process" in caplog.text
    assert Conversation(helpline, late.id).state == other.state


def test_a_number_of_twelve_digits_is_masked_in_the_turns(here: tuple[Helpline, PinnedClock]) -> None:
    helpline, _ = here
    talk = started(helpline)
    talk.begin()
    say(talk, "हिंदी", "मेरा आधार 2345 6789 0123 है")
    talk.keyed("234567890123")
    stored = str(turns(helpline, talk.id))
    assert "234567890123" not in stored
    assert "2345 6789 0123" not in stored


def test_a_voice_note_is_stored_with_its_audio(here: tuple[Helpline, PinnedClock]) -> None:
    helpline, _ = here
    talk = started(helpline)
    talk.begin()
    assert isinstance(say(talk, *SLOT)[-1], RecordNote)
    assert "रखें" in texts(talk.recorded(b"\x10" * 16000, 1.8))
    with helpline.store.read() as session:
        note = session.scalars(select(VoiceNote)).one()
        assert (note.audio, note.seconds) == (b"\x10" * 16000, 1.8)
        assert talk.state.filled["note"] == note.id


def test_a_goodbye_gives_the_held_seat_back_and_a_lost_line_does_not(here: tuple[Helpline, PinnedClock]) -> None:
    helpline, _ = here
    polite, cut = started(helpline), started(helpline, "+917000000001")
    for talk in (polite, cut):
        talk.begin()
        say(talk, *SLOT)
        with helpline.store.read() as session:
            assert claim_of(session, talk.id) is not None
        talk.recorded(b"\x10" * 16000, 1.8)
    assert isinstance(say(polite, "फोन रखता हूँ")[-1], End)
    cut.hung_up()
    with helpline.store.read() as session:
        assert claim_of(session, polite.id) is None
        assert claim_of(session, cut.id) is not None  # kept for a call within the next minutes


def test_who_was_cut_off_goes_on_with_what_was_said_and_gets_the_seat_back(
    here: tuple[Helpline, PinnedClock],
) -> None:
    helpline, clock = here
    first = started(helpline)
    first.begin()
    say(first, *SLOT)
    first.hung_up()
    clock.move(120)
    second = started(helpline)
    assert "बीच में कट" in texts(second.begin())
    assert isinstance(say(second, "हाँ")[-1], RecordNote)
    assert second.state.filled["slot"] == "2026-11-21T08:00:00"
    with helpline.store.read() as session:
        assert claim_of(session, first.id) is None
        assert claim_of(session, second.id) is not None


def test_another_caller_is_not_asked_about_it(here: tuple[Helpline, PinnedClock]) -> None:
    helpline, _ = here
    first = started(helpline)
    first.begin()
    say(first, *SLOT[:2])
    first.hung_up()
    assert "कट गई" not in texts(started(helpline, "+917000000001").begin())
    assert "कट गई" not in texts(started(helpline, None).begin())


def test_the_language_is_remembered_for_the_caller_alone(here: tuple[Helpline, PinnedClock]) -> None:
    helpline, _ = here
    talk = started(helpline)
    talk.begin()
    talk.keyed("2")
    with helpline.store.read() as session:
        assert callers.language_of(session, CALLER) == "en"
        assert callers.language_of(session, None) is None
    assert "how can I help" in texts(started(helpline).begin())


def test_a_prompt_that_cannot_be_said_is_logged_and_left_out(
    here: tuple[Helpline, PinnedClock], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    helpline, _ = here
    talk = started(helpline)
    talk.begin()

    def broken(*_: object) -> None:
        raise PromptError("hi/city.ask: no value for {name}")

    monkeypatch.setattr(type(helpline.prompts), "render", broken)
    actions = say(talk, "हिंदी")
    assert [type(a) for a in actions] == [Listen]
    assert "a prompt was left out" in caplog.text


@pytest.mark.parametrize(("answer", "node"), [("हाँ", "day"), ("नहीं", "city"), ("बिलासपुर", "day"), ("घंटी टेबल", "city")])
def test_a_doubtful_hearing_is_asked_back_and_not_assumed(
    here: tuple[Helpline, PinnedClock], answer: str, node: str
) -> None:
    helpline, _ = here
    talk = started(helpline)
    talk.begin()
    say(talk, "हिंदी", "पैन कार्ड बनवाना है")
    asked = say(talk, "रायपुर", confidence=0.5)
    assert "आपने कहा, रायपुर। क्या यह सही है?" in texts(asked)
    assert talk.state.node == "city"
    assert "city" not in talk.state.filled
    say(talk, answer)
    assert talk.state.node == node
    assert talk.state.filled.get("city") == {"हाँ": "raipur", "बिलासपुर": "bilaspur"}.get(answer)


def test_nothing_said_after_the_end_changes_anything(here: tuple[Helpline, PinnedClock]) -> None:
    helpline, _ = here
    talk = started(helpline)
    talk.begin()
    say(talk, "हिंदी", "बस धन्यवाद")
    ended = talk.state
    assert say(talk, "पैन कार्ड") == []
    talk.hung_up()
    assert talk.state.outcome == ended.outcome == "goodbye"


def test_a_conversation_that_is_not_there_is_refused(here: tuple[Helpline, PinnedClock]) -> None:
    helpline, _ = here
    with pytest.raises(conversations.NotFound):
        Conversation(helpline, "no-such-conversation")
