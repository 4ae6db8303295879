"""Number words of Hindi, Chhattisgarhi, English and typed Roman Hindi."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Indel

from dialogs.understand.data import load
from dialogs.understand.sound import sound
from dialogs.understand.text import clean
from dialogs.understand.thresholds import threshold

_SHORTEST_NEAR = 3  # letters of a sound key


@dataclass(frozen=True)
class Numbers:
    """What number words mean, by cleaned word."""

    units: Mapping[str, int]
    scales: Mapping[str, int]
    repeats: Mapping[str, int]
    halves: Mapping[str, float]
    alone: Mapping[str, float]
    ordinals: Mapping[str, int]
    english_tens: Mapping[str, int]


def _flat(table: Mapping[int, Sequence[object]]) -> dict[str, int]:
    return {clean(str(word)): value for value, words in table.items() for word in words}


@lru_cache(maxsize=1)
def numbers() -> Numbers:
    """The tables of `numbers.yaml`."""
    data = load("numbers.yaml")
    halves: dict[str, float] = data["halves"]
    alone: dict[str, float] = data["alone"]
    tens = {word: n for n in range(20, 100, 10) for word in data["also"][n] if str(word).isascii()}
    return Numbers(
        units=_flat(data["also"]) | _flat(data["hindi"]),
        scales=_flat(data["scales"]),
        repeats=_flat(data["repeats"]),
        halves={clean(k): v for k, v in halves.items()},
        alone={clean(k): v for k, v in alone.items()},
        ordinals=_flat(data["ordinals"]),
        english_tens={str(k): v for k, v in tens.items() if str(k) in _ENGLISH_TENS}
        | {clean(k): v for k, v in _SPOKEN_TENS.items()},
    )


_ENGLISH_TENS = frozenset("twenty thirty forty fourty fifty sixty seventy eighty ninety ninty".split())
_SPOKEN_TENS = {"ट्वेंटी": 20, "थर्टी": 30, "फोर्टी": 40, "फिफ्टी": 50, "सिक्सटी": 60, "सेवेंटी": 70, "एटी": 80, "नाइनटी": 90}


def value(word: str) -> int | None:
    """The number that one cleaned word or digit string stands for, or None."""
    if word.isascii() and word.isdecimal():
        return int(word) if len(word) < 16 else None
    return numbers().units.get(word)


def amount(words: Sequence[str], start: int = 0) -> tuple[int, int] | None:
    """The whole number that begins at `start` ("चार लाख सत्तानवे हजार एक") and the index after it, or None.

    Follows the Indian scales; "twenty five" is one number, "five twenty" is not.
    """
    total, part, at, largest = 0, None, start, 10**9
    while at < len(words):
        if words[at] == "and" and at + 1 < len(words) and value(words[at + 1]) is not None and (total or part):
            at += 1  # "one hundred and one"
        scale = numbers().scales.get(words[at])
        if scale is not None:
            if scale >= largest or (scale == 100 and part is not None and part >= 100):
                break
            if scale == 100:
                part = (1 if part is None else part) * 100
            else:
                total, part, largest = total + (1 if part is None else part) * scale, None, scale
            at += 1
            continue
        small, width = below_hundred(words, at)
        if small is None or not (part is None or (part >= 100 and part % 100 == 0 and 0 < small < 100)):
            break
        part, at = (part or 0) + small, at + width
    return (total + (part or 0), at) if at > start else None


def below_hundred(words: Sequence[str], at: int) -> tuple[int | None, int]:
    """The number word at `at`, an English tens word joined with its unit, and how many words that takes."""
    small = value(words[at])
    if words[at] in numbers().english_tens and at + 1 < len(words) and not words[at + 1].isdecimal():
        unit = value(words[at + 1])
        if unit is not None and 0 < unit < 10 and small is not None:
            return small + unit, 2
    return small, 1


_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
_ENGLISH_ORDINALS = {1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth"}


def spoken(number: int, language: str) -> str:
    """How 0-99 is said in "hi" or "en"; the first Hindi form of `numbers.yaml`."""
    if language == "hi":
        return str(_hindi()[number])
    if number <= 20:
        return _ENGLISH[number]
    tens = next(word for word, value in numbers().english_tens.items() if value == number // 10 * 10)
    return tens if number % 10 == 0 else f"{tens} {_ENGLISH[number % 10]}"


def spoken_ordinal(number: int, language: str) -> str:
    """The day of a month 1-31 as "twenty fifth"; in Hindi the plain number, as it is said."""
    if language == "hi":
        return spoken(number, language)
    *tens, last = spoken(number, language).split()
    unit = number if number <= 20 else number % 10
    ending = _ENGLISH_ORDINALS.get(unit) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return " ".join([*tens, ending])


@lru_cache(maxsize=4096)
def nearest(word: str) -> str:
    """The number word that `word` sounds like, where digits were asked ("शूनय", "sevn"); "" when it is like none."""
    key = sound(word)
    if len(key) < _SHORTEST_NEAR or word.isdecimal():
        return ""
    best = process.extractOne(key, _sounds(), scorer=Indel.normalized_similarity, score_cutoff=threshold("digit"))
    return best[2] if best and best[0][0] == key[0] else ""


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    """Number words by themselves, with their sound."""
    table = numbers()
    return {w: sound(w) for w in (*table.units, *table.scales, *table.repeats) if len(sound(w)) >= _SHORTEST_NEAR}


@lru_cache(maxsize=1)
def _hindi() -> dict[int, str]:
    table: dict[int, list[object]] = load("numbers.yaml")["hindi"]
    return {n: str(words[0]) for n, words in table.items()}
