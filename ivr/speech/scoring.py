"""From what a recogniser returns to a hearing with an honest confidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dialogs.understand.meaning import Hearing
from ivr.speech.vocabulary import UNKNOWN, Grammar

# A text that is not made of whole phrases of the grammar is mostly another language or no answer at all. On the clips
# of tests/audio in both recognisers, this factor lifts the right language from 45 to 58 of 64 in free decoding and
# from 58 to 60 with grammars; what is left are names that are the same in both (रायपुर, राशन कार्ड).
NO_PHRASE = 0.8


@dataclass(frozen=True)
class Word:
    """One word heard: confidence 0..1, start and end in seconds of the audio fed."""

    text: str
    confidence: float
    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Its length; at least 10 ms."""
        return max(self.end - self.start, 0.01)


def words_of(result: str) -> list[Word]:
    """The words of a recogniser's result (JSON); a result without word times gives words without them."""
    parsed: dict[str, Any] = json.loads(result)
    if "result" not in parsed:
        return [Word(w, 0.5, 0.0, 0.0) for w in str(parsed.get("text", "")).split()]
    return [Word(w["word"], min(float(w.get("conf", 0.5)), 1.0), w["start"], w["end"]) for w in parsed["result"]]


def hearing(words: list[Word], language: str, grammar: Grammar | None) -> Hearing | None:
    """The hearing of `words`: without `[unk]`, None when nothing else is left.

    Confidence is the words' confidence weighted by their length, times the share of the speech that they explain (the
    rest is `[unk]`), times NO_PHRASE where the grammar has no such phrases.
    """
    known = [w for w in words if w.text != UNKNOWN]
    if not known:
        return None
    total = sum(w.seconds for w in words)
    sure = sum(w.confidence * w.seconds for w in known) / total
    whole = grammar is None or grammar.explains(w.text for w in known)
    return Hearing(" ".join(w.text for w in known), round(sure * (1.0 if whole else NO_PHRASE), 3), language)
