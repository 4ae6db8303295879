"""A doubtful hearing looked at again: what a grammar heard without being sure is decoded freely as well.

Measured on 404 spoken answers (clips and utterances in other voices, test models, bench/recognition): of the meanings
268 were kept with the grammar alone, 279 freely, 297 with the second look; wrong ones fell from 91 to 62. It costs
free decoding for the four in ten answers that are doubtful, and these would cost the caller another question.
"""

from __future__ import annotations

from dataclasses import replace

import vosk

from dialogs.understand.meaning import Hearing
from ivr.speech.codec import RATE, to_pcm
from ivr.speech.pool import Pool
from ivr.speech.scoring import Word, hearing, words_of
from ivr.speech.vocabulary import Grammar

LONGEST_S = 8.0  # audio that is looked at again; longer would keep the caller waiting
DISAGREE = 0.6  # of the surer hearing's confidence is left when the two differ, so that it is asked back


def looked_again(pool: Pool, ulaw: bytes, grammar: Grammar, first: Hearing | None) -> Hearing | None:
    """The better hearing of `ulaw` after free decoding; `first` when all free recognisers are lent out."""
    if len(ulaw) > LONGEST_S * RATE:
        return first
    recogniser = pool.borrow()
    if recogniser is None:
        return first
    try:
        words = _decoded(recogniser, ulaw)
    finally:
        pool.give_back(recogniser)
    return better(first, hearing(words, pool.language, grammar, free=True))


def better(first: Hearing | None, second: Hearing | None) -> Hearing | None:
    """Of two hearings of the same speech: what both say is as sure as the surer; what only one says is doubtful."""
    if second is None:
        return first
    if first is None:
        return replace(second, confidence=round(second.confidence * DISAGREE, 3))
    surer = max(second, first, key=lambda h: h.confidence)
    if first.text == second.text:
        return surer
    return replace(surer, confidence=round(surer.confidence * DISAGREE, 3))


def _decoded(recogniser: vosk.KaldiRecognizer, ulaw: bytes) -> list[Word]:
    words: list[Word] = []
    for at in range(0, len(ulaw), RATE):
        if recogniser.AcceptWaveform(to_pcm(ulaw[at : at + RATE])):
            words += words_of(recogniser.Result())
    return words + words_of(recogniser.FinalResult())
