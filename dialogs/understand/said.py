"""An utterance as a row of concepts and numbers: what all kinds of answers are read from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dialogs.understand.numbers import numbers, value
from dialogs.understand.text import tokens
from dialogs.understand.words import Words, words


@dataclass(frozen=True)
class Part:
    """A word or fixed expression: its `words`, its `concept` ("" when it has none) and its number, if it is one."""

    words: tuple[str, ...]
    concept: str = ""
    number: int | None = None
    ordinal: int | None = None

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return " ".join(self.words)


@dataclass(frozen=True)
class Said:
    """The parts of an utterance in order; `row` is the row of concepts as text, for patterns."""

    parts: tuple[Part, ...]
    row: str

    def has(self, *concepts: str) -> bool:
        """Whether any of `concepts` was said."""
        return any(p.concept in concepts for p in self.parts)

    def matches(self, pattern: str) -> bool:
        """Whether `pattern` (concepts parted by blanks, see `pattern_of`) occurs."""
        return pattern_of(pattern).search(self.row) is not None


@lru_cache(maxsize=2048)
def pattern_of(pattern: str) -> re.Pattern[str]:
    """A pattern over concepts: `a|b` either, `..` anything between, `.2` at most two words between, `^` and `$`."""
    out = []
    for item in pattern.split():
        if item == "..":
            out.append(r"(?:\S+ )*?")
        elif re.fullmatch(r"\.\d", item):
            out.append(rf"(?:\S+ ){{0,{item[1]}}}?")
        elif item == "^":
            out.append("^ ")
        elif item == "$":
            out.append("$")
        else:
            out.append(rf"(?:{item}) ")
    body = "".join(out)
    return re.compile(body if body.startswith("^") else "(?<= )" + body)


def _match(found: tuple[str, ...], at: int, lexicon: Words) -> tuple[int, str]:
    for size in range(min(lexicon.longest, len(found) - at), 0, -1):
        concept = lexicon.expression(found[at : at + size])
        if concept:
            return size, concept
    return 1, ""


def parts_of(found: tuple[str, ...]) -> tuple[Part, ...]:
    """Reads tokens into parts: the longest expression first, numbers before words that only sound alike."""
    out: list[Part] = []
    at, lexicon = 0, words()
    while at < len(found):
        size, concept = _match(found, at, lexicon)
        if concept == "hold_on" and out and out[-1].concept in ("bajkar", "bajne"):
            size, concept = 1, ""  # the minute of "आठ बजकर एक मिनट"
        token = found[at]
        number = value(token) if size == 1 else None
        ordinal = numbers().ordinals.get(token) if size == 1 else None
        if not concept and number is None and ordinal is None:
            concept = lexicon.word(token)
        out.append(Part(found[at : at + size], concept, number, ordinal))
        at += size
    return tuple(out)


@lru_cache(maxsize=1024)
def said(text: str) -> Said:
    """`text` as parts."""
    parts = parts_of(tokens(text))
    row = " " + "".join(f"{p.concept or ('#' if p.number is not None else '_')} " for p in parts)
    return Said(parts, row)
