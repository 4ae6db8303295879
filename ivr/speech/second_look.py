"""A doubtful hearing looked at again: what a grammar heard without being sure is decoded freely as well.

Measured on 404 spoken answers (clips and utterances in other voices, test models, bench/recognition): of the meanings
268 were kept with the grammar alone, 279 freely, 297 with the second look; wrong ones fell from 91 to 62. It costs
free decoding for the four in ten answers that are doubtful, and these would cost the caller another question. By kind
of question (another 300 answers, kept with the grammar alone and with the second look): intents 25 and 39 of 53,
services 46 and 53 of 59, digits 19 and 23 of 26, dates 26 and 30 of 37, cities 19 and 21 of 24, confirmations 11 and
13 of 16; yes or no 24 and 25 of 29; none of 56 slots, ratings, languages and complaints was won. So the last are never
looked at again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import vosk

from dialogs.understand.meaning import Hearing
from ivr.speech.codec import RATE, to_pcm
from ivr.speech.pool import Pool
from ivr.speech.scoring import Word, hearing, words_of
from ivr.speech.vocabulary import Grammar

# Kinds of question where it wins answers.
PAYS = frozenset({"language", "intent", "service", "digits", "date", "city", "confirm"})
DISAGREE = 0.6  # of the surer hearing's confidence is left when the two differ, so that it is asked back


@dataclass(frozen=True)
class Look:
    """When to look again: at hearings less sure than `doubtful` (0-1) of up to `longest_s` seconds of sound."""

    doubtful: float = 0.0
    longest_s: float = 0.0

    def again(self, said: Hearing | None, ulaw: bytes | bytearray) -> bool:
        """Whether this hearing of `ulaw` is to be looked at again."""
        sure = said is not None and said.confidence >= self.doubtful
        return not sure and len(ulaw) <= self.longest_s * RATE


NEVER = Look()


def looked_again(pool: Pool, ulaw: bytes, grammar: Grammar, first: Hearing | None) -> Hearing | None:
    """The better hearing of `ulaw` after free decoding; `first` when all free recognisers are lent out."""
    recogniser = pool.borrow()
    if recogniser is None:
        return first
    begun = time.thread_time()
    try:
        words = _decoded(recogniser, ulaw)
    finally:
        pool.give_back(recogniser)
    pool.tally.add(again_s=len(ulaw) / RATE, again_cpu_s=time.thread_time() - begun)
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
