from __future__ import annotations

import json

import pytest

from ivr.speech.scoring import NO_PHRASE, Word, hearing, words_of
from ivr.speech.vocabulary import Grammar, normal

GRAMMAR = Grammar(frozenset({("yes",), ("no",), ("ration", "card")}), "[]")


def _words(*spoken: tuple[str, float]) -> list[Word]:
    return [Word(text, sure, float(i), i + 1.0) for i, (text, sure) in enumerate(spoken)]


def test_a_hearing_is_as_sure_as_its_least_sure_word() -> None:
    said = hearing(_words(("ration", 1.0), ("card", 0.5)), "en", GRAMMAR)
    assert said is not None
    assert (said.text, said.confidence, said.language) == ("ration card", 0.5, "en")


def test_speech_left_unexplained_lowers_the_confidence() -> None:
    whole, half = (
        hearing(_words(("yes", 1.0)), "en", GRAMMAR),
        hearing(_words(("yes", 1.0), ("[unk]", 1.0)), "en", GRAMMAR),
    )
    assert whole is not None
    assert half is not None
    assert half.confidence < whole.confidence
    assert half.text == "yes"


def test_only_unknown_speech_is_no_hearing() -> None:
    assert hearing(_words(("[unk]", 1.0)), "en", GRAMMAR) is None
    assert hearing([], "en", None) is None


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("yes", True),
        ("yes no", True),
        ("ration card no", True),
        ("ration", False),
        ("card ration", False),
        ("yes card", False),
    ],
)
def test_pieces_of_phrases_are_less_believed_than_whole_ones(text: str, whole: bool) -> None:
    said = hearing(_words(*((word, 1.0) for word in text.split())), "en", GRAMMAR)
    assert said is not None
    assert said.confidence == (1.0 if whole else NO_PHRASE)


def test_a_result_without_word_times_is_read_too() -> None:
    assert [w.text for w in words_of(json.dumps({"text": "yes please"}))] == ["yes", "please"]
    assert words_of('{"text": ""}') == []


def test_phrases_are_spelt_as_the_models_spell() -> None:
    assert normal("  Ration\tCARD ") == "ration card"
    assert normal("सड\u093cक") == normal("स\u095cक")


def test_a_sentence_heard_freely_need_only_contain_a_phrase() -> None:
    words = _words(("my", 1.0), ("ration", 1.0), ("card", 1.0), ("please", 1.0))
    free, expected = hearing(words, "en", GRAMMAR, free=True), hearing(words, "en", GRAMMAR)
    assert free is not None
    assert expected is not None
    assert (free.confidence, expected.confidence) == (1.0, NO_PHRASE)
