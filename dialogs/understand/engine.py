"""Understanding: the best of several hearings, read from the question that was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogs.understand.meaning import Context, Hearing, Meaning
from dialogs.understand.questions import read
from dialogs.understand.thresholds import threshold


def understand(heard: Sequence[Hearing], expect: str, context: Context) -> Meaning:
    """The meaning of the first hearing that has one, the most confident first; an empty meaning when none has.

    `expect` is what the dialog asked (meaning.Expect). Never raises on any text.
    """
    usable = [h for h in heard if h.confidence >= threshold("hearing")]
    best = Meaning(heard=heard[0].text if heard else "", confidence=heard[0].confidence if heard else 0.0)
    first = None
    for hearing in sorted(usable, key=lambda h: -h.confidence):
        meaning = read(hearing.text, expect, context)
        if meaning.understood:
            return replace(meaning, confidence=hearing.confidence)
        first = first or replace(meaning, confidence=hearing.confidence)
    return first or best
