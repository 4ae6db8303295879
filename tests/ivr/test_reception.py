"""The reception: calls opened once, taken up by any process, put through, closed; only our own sentences are spoken."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from booking import conversations
from booking.errors import NotFound
from dialogs.understand import Hearing
from ivr.actions import Speak
from ivr.helpline import Helpline
from ivr.reception import Reception
from models.calls import Call
from models.conversations import Conversation as Row
from prompts.sentence import Sentence
from tests.calls.conftest import Town, _days, shared, town  # noqa: F401 - fixtures

NOW = datetime.fromisoformat("2026-11-20T10:00+05:30")
CALL, CALLER = "CA" + "1" * 32, "+919826401715"


def reception_of(helpline: Helpline, speech: bool = True, secret: str = "a secret of this test") -> Reception:
    speaker: Any = SimpleNamespace(audio_now=lambda sentence: sentence.text.encode())
    return Reception(helpline, speaker, lambda: speech, secret)


@pytest.fixture
def helpline(town: Town) -> Helpline:  # noqa: F811 - the fixture
    return town(NOW)[0]


def test_a_call_that_is_announced_twice_has_one_conversation(helpline: Helpline) -> None:
    first, second = reception_of(helpline), reception_of(helpline)
    id = first.call_opened(CALL, CALLER, "14545")
    assert second.call_opened(CALL, CALLER, "14545") == id
    with helpline.store.read() as session:
        assert session.query(Row).count() == 1


def test_any_process_takes_up_the_conversation_of_a_call(helpline: Helpline) -> None:
    one, other = reception_of(helpline), reception_of(helpline)
    one.call_opened(CALL, CALLER, "14545")
    talk = one.open_talk(CALL)
    talk.begin()
    talk.heard([Hearing("हिंदी", 1.0, "hi")])
    assert other.open_talk(CALL).state == talk.state
    assert other.talk(talk.id).id == talk.id


def test_a_call_that_nobody_opened_is_over(helpline: Helpline) -> None:
    reception = reception_of(helpline)
    assert reception.outcome("CA-unknown") == "ended"
    with pytest.raises(NotFound):
        reception.open_talk("CA-unknown")


def test_how_a_call_stands_follows_its_conversation(helpline: Helpline) -> None:
    reception = reception_of(helpline)
    reception.call_opened(CALL, CALLER, "14545")
    talk = reception.open_talk(CALL)
    talk.begin()
    assert reception.outcome(CALL) is None
    talk.heard([Hearing("एजेंट से बात करनी है", 1.0, "hi")])
    assert reception.outcome(CALL) == "handoff"
    reception.dial_failed(CALL)
    assert reception.outcome(CALL) is None
    talk = reception.open_talk(CALL)
    talk.begin()
    talk.keyed("2")
    assert reception.outcome(CALL) == "ended"


def test_an_agent_gives_the_caller_back_at_a_question_and_nothing_filled_is_lost(helpline: Helpline) -> None:
    reception = reception_of(helpline)
    reception.call_opened(CALL, CALLER, "14545")
    talk = reception.open_talk(CALL)
    talk.begin()
    talk.heard([Hearing("मुझे जन्म प्रमाण पत्र चाहिए", 1.0, "hi")])
    filled = dict(talk.state.filled)
    talk.heard([Hearing("एजेंट से बात करनी है", 1.0, "hi")])
    with pytest.raises(ValueError, match="no question 'nowhere'"):
        reception.given_back(CALL, "nowhere")
    assert reception.outcome(CALL) == "handoff"
    reception.given_back(CALL, "city")
    assert reception.outcome(CALL) is None
    talk = reception.open_talk(CALL)
    said = [action.key for action in talk.begin() if isinstance(action, Speak)]
    assert "resume.back" in said
    assert "resume.sorry" not in said
    assert talk.state.node == "city"
    assert talk.state.turns == 0
    assert talk.state.filled["service"] == filled["service"]
    again = [action.key for action in reception.open_talk(CALL).begin() if isinstance(action, Speak)]
    assert "resume.sorry" in again, "a line that is lost later is a lost line"


def test_a_closed_call_was_cut_off_unless_its_conversation_had_ended(helpline: Helpline) -> None:
    reception = reception_of(helpline)
    id = reception.call_opened(CALL, CALLER, "14545")
    reception.open_talk(CALL).begin()
    reception.call_closed(CALL, "completed", 42)
    reception.call_closed(CALL, "completed", 42)
    with helpline.store.read() as session:
        assert conversations.load(session, id).outcome == "cut_off"
        row = session.get(Call, CALL)
        assert row is not None
        assert row.duration == 42


def test_without_speech_the_conversation_goes_by_keys(helpline: Helpline) -> None:
    reception = reception_of(helpline, speech=False)
    reception.call_opened(CALL, CALLER, "14545")
    talk = reception.open_talk(CALL)
    talk.begin()
    assert talk.state.speech is False


def test_only_what_we_signed_is_spoken(helpline: Helpline) -> None:
    ours, same, stranger = reception_of(helpline), reception_of(helpline), reception_of(helpline, secret="another")
    path = ours.audio_path(Sentence("नमस्ते", "hi", True))
    token = path.removeprefix("/audio/").removesuffix(".wav")
    audio = same.audio_of(token)
    assert audio is not None
    assert audio.startswith(b"RIFF")
    assert stranger.audio_of(token) is None
    for forged in ("", "x", token[:-1], token + "x", "WyJoaSJd"):
        assert ours.audio_of(forged) is None
