"""What stands in cells: readers that take the text and raise Wrong with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeVar

from booking.sheets.remarks import Wrong

YES = frozenset({"yes", "y", "true", "1", "हाँ", "हां", "जी"})
JOINERS = "\u200c\u200d"  # between letters of Devanagari
NO = frozenset({"no", "n", "false", "0", "नहीं", "ना", ""})

_Value = TypeVar("_Value")


def day(text: str) -> date | None:
    """A day as 2026-11-23 or 23-11-2026 (also with / or .); None for an empty cell."""
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text, re.ASCII)
    if not text:
        return None
    if parts is None:
        raise Wrong("no_day", text=text)
    year, month, this, day_, month_, year_ = parts.groups()
    try:
        return date(int(year or year_), int(month or month_), int(this or day_))
    except ValueError:
        raise Wrong("no_such_day", text=text) from None


def number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or not least <= int(text) <= most:
            raise Wrong("no_number", text=text, least=least, most=most)
        return int(text)

    return read


def optional(read: Callable[[str], _Value]) -> Callable[[str], _Value | None]:
    """The same reader, and None for an empty cell."""
    return lambda text: read(text) if text else None


def flag(text: str) -> bool:
    """Yes or no, in either language; an empty cell means no."""
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise Wrong("no_flag", text=text)


def identifier(text: str) -> str:
    """The name by which a row is known elsewhere."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,29}", text):
        raise Wrong("no_id", text=text)
    return text


def hindi(most: int) -> Callable[[str], str]:
    """A reader of names in Devanagari of at most `most` characters."""

    def read(text: str) -> str:
        if len(text) > most or not re.search("[अ-ह]", text) or _unsayable(text):
            raise Wrong("no_hindi", text=text, most=most)
        return text

    return read


def english(most: int) -> Callable[[str], str]:
    """A reader of names in Latin letters of at most `most` characters."""

    def read(text: str) -> str:
        if len(text) > most or not re.search("[A-Za-z]", text) or not text.isascii() or _unsayable(text):
            raise Wrong("no_english", text=text, most=most)
        return text

    return read


def parts(most: int = 200, longest: int = 60) -> Callable[[str], list[str]]:
    """A reader of names with ; or | between them, each at most `longest` characters."""

    def read(text: str) -> list[str]:
        found = [part.strip() for part in re.split(r"[;|]", text)]
        found = list(dict.fromkeys(part for part in found if part))
        if len(found) > most or any(len(part) > longest or _unsayable(part) for part in found):
            raise Wrong("no_parts", most=most, longest=longest)
        return found

    return read


def one_of(choices: Mapping[str, str]) -> Callable[[str], str]:
    """A reader of a choice by its value or one of its names; `choices` maps each of these, in small letters, to the
    value."""

    def read(text: str) -> str:
        if text.casefold() not in choices:
            raise Wrong("no_choice", text=text, some=_some(choices.values()))
        return choices[text.casefold()]

    return read


def several_of(choices: Mapping[str, str]) -> Callable[[str], list[str]]:
    """A reader of choices with ; or | between them."""
    one = one_of(choices)
    return lambda text: [one(part) for part in parts()(text)]


def _some(values: Collection[str]) -> str:
    every = [value for value in dict.fromkeys(values) if value]
    return ", ".join(every[:8]) + (" …" if len(every) > 8 else "")


def _unsayable(text: str) -> bool:
    """Whether there are characters that no voice says and no notice or store may carry."""
    return any(c in "<>{}[]\\=@" or not (c.isprintable() or c in JOINERS) for c in text)
