"""Hears cases with a grammar and freely, and says what became of each."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bench.spoken import TESTS, Case
from dialogs.understand import Context, Hearing, Lexicon, grammar, understand
from ivr.actions import Listen
from ivr.speech.recognise import Recognisers

WAYS = ("grammar", "free")
LANGUAGES = ("hi", "en")


@dataclass(frozen=True)
class Heard:
    """What became of one case, heard one way. `meaning`: kept (as from the text itself), lost (nothing) or wrong."""

    case: str
    language: str
    expect: str
    way: str
    text: str
    heard: str
    confidence: float
    exact: bool
    meaning: str
    cpu_ms_per_s: float
    wait_ms: float


@dataclass(frozen=True)
class LanguageChoice:
    """Both languages listening: how often the spoken one came first, by way; and the cases in which it did not."""

    said: int
    right: dict[str, int]
    confused: list[tuple[str, str, list[str]]]


@dataclass(frozen=True)
class Hearer:
    """Hears cases. `phrases`: grammars as the product makes them, or "development": other callers' sentences."""

    recognisers: Recognisers
    lexicon: Lexicon
    phrases: str = "product"

    async def all(self, cases: Iterable[Case]) -> list[Heard]:
        """Each case in each way, in the language it is spoken in."""
        return [await self._one(case, way) for case in cases for way in WAYS]

    async def languages(self, cases: Iterable[Case]) -> LanguageChoice:
        """Each case in each way, in both languages."""
        said, right, confused = 0, dict.fromkeys(WAYS, 0), list[tuple[str, str, list[str]]]()
        for case in cases:
            said += 1
            for way in WAYS:
                ear = self.recognisers.ear(self._listen(case, LANGUAGES, way))
                ear.feed(case.audio)
                found = await ear.finish()
                if found and found[0].language == case.language:
                    right[way] += 1
                else:
                    confused.append((case.name, way, [f"{h.language} {h.text} {h.confidence:.2f}" for h in found]))
        return LanguageChoice(said, right, confused)

    async def _one(self, case: Case, way: str) -> Heard:
        ear = self.recognisers.ear(self._listen(case, (case.language,), way))
        ear.feed(case.audio)
        fed = time.perf_counter()
        (heard,) = await ear.heard()
        wait_ms = (time.perf_counter() - fed) * 1000
        said = heard.hearing or Hearing("", 0.0, case.language)
        return Heard(
            case=case.name,
            language=case.language,
            expect=case.expect,
            way=way,
            text=case.text,
            heard=said.text,
            confidence=said.confidence,
            exact=said.text == case.text,
            meaning=self._meaning(case, said.text),
            cpu_ms_per_s=heard.decoding_ms / case.seconds,
            wait_ms=wait_ms,
        )

    def _meaning(self, case: Case, heard: str) -> str:
        context = Context(self.lexicon, case.language, case.now, offers=_times(case), length=case.length)
        wanted, got = (
            understand([Hearing(text, 1.0, case.language)] if text else [], case.expect, context).gold()
            for text in (case.text, heard)
        )
        return "kept" if got == wanted else "wrong" if got else "lost"

    def _listen(self, case: Case, languages: tuple[str, ...], way: str) -> Listen:
        phrases = () if way == "free" else tuple((lang, self._phrases(case, lang)) for lang in languages)
        return Listen("bench", case.expect, languages, phrases, free=way == "free")

    def _phrases(self, case: Case, language: str) -> tuple[str, ...]:
        if self.phrases == "development":
            return _development()[(language, case.expect)]
        return tuple(grammar(case.expect, language, self.lexicon, offers=_times(case), length=case.length))


def _times(case: Case) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(o) for o in case.offers)


@lru_cache(1)
def _development() -> dict[tuple[str, str], tuple[str, ...]]:
    said = defaultdict(list)
    for line in (TESTS / "utterances" / "development.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said[(row["lang"], row["expect"])].append(row["text"])
    return {key: tuple(texts) for key, texts in said.items()}
