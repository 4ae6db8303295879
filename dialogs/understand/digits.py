"""Digit strings: mobile numbers, PIN codes, booking numbers, as people say them, with corrections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from dialogs.understand.numbers import amount, below_hundred, nearest, numbers, value
from dialogs.understand.said import Said
from dialogs.understand.words import words

MOBILE, PIN = 10, 6  # digits
_REPAIRS = ("nahi", "no", "repair", "wrong", "not")
_UNITS = ("minute", "hold_on", "day_word", "week", "month", "year", "baje", "money")
_MOST_READINGS = 64
_MOST_DIGITS = 20


def read_digits(said: Said, length: int | None, fits: Callable[[str], bool] | None = None) -> str | None:
    """The digits said, exactly `length` where it is given; country code and leading zero of a mobile are dropped.

    Of several readings the first that `fits`, if any does.
    """
    segments = _segments(said)
    if not segments:
        return None
    if fits is not None:
        read = (_fitting(r, length) for r in islice(_readings(segments), _MOST_READINGS))
        if found := next((d for d in read if d is not None and fits(d)), None):
            return found
    for reading in islice(_readings(segments), _MOST_READINGS):
        digits = _fitting(reading, length)
        if digits is not None:
            return digits
    return None


def count_digits(said: Said) -> int:
    """How many digits were said, read in the most natural way; 0 when none."""
    segments = _segments(said)
    return sum(len(segment) for segment in next(_readings(segments))) if segments else 0


def _segments(said: Said) -> list[list[str]]:
    """Runs of number words, cut where the caller corrects himself; other words are passed over."""
    out: list[list[str]] = [[]]
    for at, part in enumerate(said.parts):
        if part.concept in _REPAIRS:
            if out[-1]:
                out.append([])
            continue
        word = part.words[0]
        if part.concept and part.number is None and part.ordinal is None and words().expression(part.words):
            continue
        if part.number is not None and at + 1 < len(said.parts) and said.parts[at + 1].concept in _UNITS:
            continue
        if _counts(word) and word != "so":
            out[-1].append(word)
        elif near := nearest(word):
            out[-1].append(near)
        elif (bare := re.sub(r"\D", "", word)) and len(word) <= 2 * _MOST_DIGITS:
            out[-1].append(bare)
    return [s for s in out if s]


def _counts(word: str) -> bool:
    table = numbers()
    return (
        value(word) is not None
        or word in table.scales
        or word in table.repeats
        or word in ("बार", "bar", "baar")
        or (word.isdecimal())
    )


def _readings(segments: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    if not segments:
        yield []
        return
    for head in islice(_spelled(tuple(segments[0])), 16):
        for rest in _readings(segments[1:]):
            yield [head, *rest]


def _spelled(row: tuple[str, ...], at: int = 0) -> Iterator[str]:
    """The digit strings that a run of number words may stand for, the most natural first."""
    if at >= len(row):
        yield ""
        return
    for digits, after in _steps(row, at):
        for rest in islice(_spelled(row, after), 8):
            yield digits + rest


def _steps(row: tuple[str, ...], at: int) -> Iterator[tuple[str, int]]:
    word, table = row[at], numbers()
    if word in table.repeats and at + 1 < len(row):
        for digits, after in _steps(row, at + 1):
            yield digits * table.repeats[word], after
        return
    if word.isascii() and word.isdecimal():
        yield word, at + 1
        return
    if at + 1 < len(row) and value(word) in (2, 3) and row[at + 1] in ("बार", "bar", "baar") and at + 2 < len(row):
        for digits, after in _steps(row, at + 2):
            yield digits * (value(word) or 1), after
    whole = amount(row, at)
    if whole is not None and any(w in table.scales for w in row[at : whole[1]]):
        yield str(whole[0]), whole[1]
    small, width = below_hundred(row, at)
    if small is not None:
        yield str(small), at + width
        if width == 2:
            yield str(value(word)), at + 1
    elif word in ("बार", "bar", "baar"):
        yield "", at + 1


def _fitting(reading: Sequence[str], length: int | None) -> str | None:
    """Joins the segments of a reading, each correction replacing what it repeats, to a string that fits `length`."""
    if length is None:
        joined = _overlaid(reading)
        return joined if 3 <= len(joined) <= _MOST_DIGITS else None
    for whole in (reading[-1], *_corrected(reading, length)):
        digits = _bare(whole, length)
        if len(digits) == length and _allowed(digits, length):
            return digits
    return None


def _corrected(reading: Sequence[str], length: int) -> Iterator[str]:
    """Each later segment replaces as many last digits before it as there are too many."""
    if len(reading) == 1:
        return
    joined = "".join(reading)
    for code in _codes(joined, length):
        spare = len(joined) - code - length
        if spare == 0 and len(reading) > 1:
            yield joined[code:]
        if spare <= 0:
            continue
        each = _shared(spare, len(reading) - 1)
        out = reading[0]
        for segment, drop in zip(reading[1:], each, strict=True):
            out = out[: len(out) - drop] + segment if drop else out + segment
        yield out[code:]


def _shared(spare: int, corrections: int) -> list[int]:
    if spare >= corrections:
        return [1] * (corrections - 1) + [spare - corrections + 1]
    return [0] * (corrections - spare) + [1] * spare


def _codes(digits: str, length: int) -> list[int]:
    """How many leading digits may be a country code or a trunk zero."""
    out = [0]
    if length == MOBILE:
        out += [len(c) for c in ("91", "091", "0091", "0") if digits.startswith(c)]
    return out


def _bare(digits: str, length: int) -> str:
    for code in _codes(digits, length)[1:]:
        if len(digits) == length + code:
            return digits[code:]
    return digits


def _allowed(digits: str, length: int) -> bool:
    if length == MOBILE:
        return digits[0] in "6789"
    if length == PIN:
        return digits[0] != "0"
    return True


def _overlaid(reading: Sequence[str]) -> str:
    """Without a length: a correction replaces the last digit, or everything when it begins again alike."""
    out = reading[0]
    for segment in reading[1:]:
        again = len(segment) >= len(out) or (out[: len(segment) - 1].startswith(segment[:2]) and len(segment) > 2)
        out = segment if again else out[:-1] + segment
    return out
