from __future__ import annotations

import asyncio

import pytest

from dialogs.understand.meaning import Hearing
from ivr.speech import second_look
from ivr.speech.models import Models
from ivr.speech.recognise import Recognisers
from ivr.speech.track import Heard
from tests.ivr.speech.clips import SPEECH, clip, listening

AUDIO = clip("hi-03-intent").audio  # मुझे जन्म प्रमाण पत्र बनवाना है
SHORT = {"hi": ["जन्म प्रमाण पत्र", "राशन कार्ड"]}


def _heard(recognisers: Recognisers, phrases: dict[str, list[str]]) -> Heard:
    ear = recognisers.ear(listening(("hi",), phrases))
    ear.feed(AUDIO)
    (heard,) = asyncio.run(ear.heard())
    return heard


def test_a_sentence_around_a_phrase_is_heard_in_full_at_the_second_look(models: Models) -> None:
    with_look = Recognisers(SPEECH.model_copy(update={"doubtful": 1.0}), models)
    without = Recognisers(SPEECH.model_copy(update={"doubtful": 0.0}), models)
    first, again = _heard(without, SHORT).hearing, _heard(with_look, SHORT).hearing
    assert first is not None
    assert again is not None
    assert "जन्म प्रमाण पत्र" in first.text
    assert again.text == clip("hi-03-intent").transcript
    with_look.close()
    without.close()


def test_a_sure_hearing_is_not_looked_at_again(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Recognisers(SPEECH, models)
    monkeypatch.setattr(shared._pools["hi"], "borrow", lambda: pytest.fail("looked again"))
    said = _heard(shared, {"hi": [clip("hi-03-intent").transcript]}).hearing
    assert said is not None
    assert said.text == clip("hi-03-intent").transcript
    shared.close()


def test_without_a_free_recogniser_the_first_hearing_stands(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Recognisers(SPEECH.model_copy(update={"doubtful": 1.0}), models)
    monkeypatch.setattr(shared._pools["hi"], "borrow", lambda: None)
    said = _heard(shared, SHORT).hearing
    assert said is not None
    assert "जन्म प्रमाण पत्र" in said.text
    shared.close()


def test_a_long_answer_is_not_looked_at_again(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Recognisers(SPEECH.model_copy(update={"doubtful": 1.0, "second_look_s": 0.5}), models)
    monkeypatch.setattr(shared._pools["hi"], "borrow", lambda: pytest.fail("looked again"))
    assert _heard(shared, SHORT).hearing is not None
    shared.close()


def test_the_recogniser_of_a_second_look_is_given_back(models: Models) -> None:
    shared = Recognisers(SPEECH.model_copy(update={"doubtful": 1.0}), models)
    for _ in range(6):
        _heard(shared, SHORT)
    assert shared._pools["hi"].free_now == SPEECH.free_recognisers
    shared.close()


@pytest.mark.parametrize(
    ("first", "second", "text", "confidence"),
    [
        (("yes", 0.3), ("yes", 0.9), "yes", 0.9),
        (("yes", 0.4), ("no", 0.5), "no", 0.3),
        (("yes", 0.5), ("no", 0.4), "yes", 0.3),
        (("yes", 0.5), None, "yes", 0.5),
        (None, ("no", 1.0), "no", 0.6),
    ],
)
def test_only_what_both_looks_say_is_sure(
    first: tuple[str, float] | None, second: tuple[str, float] | None, text: str, confidence: float
) -> None:
    said = second_look.better(Hearing(*first) if first else None, Hearing(*second) if second else None)
    assert said == Hearing(text, pytest.approx(confidence))
    assert second_look.better(None, None) is None
