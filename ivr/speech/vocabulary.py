"""What a recogniser may expect: phrases checked against the model's words, as a Vosk grammar."""

from __future__ import annotations

import json
import logging
import sys
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import vosk

log = logging.getLogger(__name__)

UNKNOWN = "[unk]"  # a loop of phones in models that have it: gives other speech somewhere to go
KEPT = 64  # grammars kept made, per language: the forms of all questions and the latest offers; some 0.1-0.2 MB each


def normal(phrase: str) -> str:
    """A phrase as models spell it: NFC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", phrase).lower().split())


@dataclass(frozen=True)
class Grammar:
    """Phrases all of whose words the model knows, and their Vosk form (JSON)."""

    phrases: frozenset[tuple[str, ...]]
    json: str

    def explains(self, words: Sequence[str]) -> bool:
        """Whether `words` are one or several whole phrases in a row.

        The grammar is a soft bigram: speech that is no answer comes out as pieces of phrases glued together.
        """
        heard = tuple(words)
        reached = {0}
        for end in range(1, len(heard) + 1):
            if any(start in reached and heard[start:end] in self.phrases for start in range(end)):
                reached.add(end)
        return bool(heard) and len(heard) in reached

    def occurs_in(self, words: Sequence[str]) -> bool:
        """Whether one of the phrases is among `words`."""
        heard = tuple(words)
        spans = ((start, end) for start in range(len(heard)) for end in range(start + 1, len(heard) + 1))
        return any(heard[start:end] in self.phrases for start, end in spans)


class Vocabulary:
    """The words of one model. Thread-safe."""

    def __init__(self, model: vosk.Model, language: str) -> None:
        self._language = language
        self._knows = lru_cache(20_000)(lambda word: bool(model.vosk_model_find_word(word) != -1))
        self._made = lru_cache(KEPT)(self._make)
        self._reported: set[str] = set()
        self._lock = threading.Lock()

    def unknown(self, phrases: Iterable[str]) -> tuple[str, ...]:
        """The words of `phrases` that the model does not have, sorted."""
        words = {word for phrase in phrases for word in normal(phrase).split()}
        return tuple(sorted(word for word in words if not self._knows(word)))

    def grammar(self, phrases: tuple[str, ...]) -> Grammar | None:
        """The grammar of those phrases that the model knows, None when it knows none; the others are reported once.

        The first time takes some 5 ms for a thousand phrases.
        """
        made = self._made(phrases)
        return made if made.phrases else None

    def _make(self, phrases: tuple[str, ...]) -> Grammar:
        wanted = dict.fromkeys(filter(None, map(normal, phrases)))
        known = {phrase: None for phrase in wanted if all(map(self._knows, phrase.split()))}
        self._report(phrase for phrase in wanted if phrase not in known)
        listed = [*known, UNKNOWN] if self._knows(UNKNOWN) else [*known]
        # Phrases share their words: less than half the memory that words of their own would take.
        return Grammar(
            frozenset(tuple(map(sys.intern, p.split())) for p in known), json.dumps(listed, ensure_ascii=False)
        )

    def _report(self, dropped: Iterable[str]) -> None:
        with self._lock:
            words = set(self.unknown(dropped)) - self._reported
            self._reported |= words
        if words:
            log.warning(
                "The %s model does not know: %s. Phrases with these words are not listened for.",
                self._language,
                ", ".join(sorted(words)),
            )
