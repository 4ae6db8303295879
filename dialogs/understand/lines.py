"""Utterances as JSON lines: what was asked and said on each, and how a meaning compares with the right one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, get_args

from dialogs.understand.lexicon import Lexicon
from dialogs.understand.meaning import Context, Expect

KOLKATA = timezone(timedelta(hours=5, minutes=30))
DEFAULT_NOW = datetime.fromisoformat("2026-11-21T10:00:00")  # a Saturday
QUESTIONS: tuple[str, ...] = get_args(Expect)


@dataclass(frozen=True)
class Line:
    """One utterance: `lang` is how it was said (hi, en, mix, hne, roman), `gold` the right meaning if known."""

    id: str
    lang: str
    expect: str
    text: str
    now: datetime = DEFAULT_NOW
    offers: tuple[datetime, ...] = ()
    length: int | None = None
    among: tuple[str, ...] = ()
    gold: Mapping[str, Any] | None = None

    def context(self, lexicon: Lexicon) -> Context:
        """The context of this line with the lexicon."""
        language = "en" if self.lang == "en" else "hi"
        return Context(lexicon, language, self.now, self.offers, self.length, self.among)


def parse_line(text: str | bytes) -> Line:
    """A line of an utterance file; raises ValueError saying which field is wrong."""
    try:
        row = json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    if not isinstance(row.get("text"), str):
        raise ValueError('"text" must be a string')
    if row.get("expect") not in QUESTIONS:
        raise ValueError(f'"expect" must be one of {", ".join(QUESTIONS)}')
    gold = row.get("gold")
    return Line(
        id=str(row.get("id") or ""),
        lang=str(row.get("lang") or "hi"),
        expect=row["expect"],
        text=row["text"],
        now=_time(row["now"], "now") if row.get("now") else DEFAULT_NOW,
        offers=tuple(_time(o, "offers") for o in _list(row, "offers")),
        length=_length(row.get("length")),
        among=tuple(str(i) for i in _list(row, "among")),
        gold=gold if isinstance(gold, dict) else None,
    )


def _list(row: Mapping[str, Any], field: str) -> list[Any]:
    value = row.get(field) or []
    if not isinstance(value, list):
        raise ValueError(f'"{field}" must be a list')
    return value


def _length(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 20):
        return value
    raise ValueError('"length" must be a number of digits from 1 to 20, or null')


def _time(value: object, field: str) -> datetime:
    """Local wall-clock time of an ISO 8601 string; one with a zone is taken to Asia/Kolkata."""
    if not isinstance(value, str):
        raise ValueError(f'"{field}" must hold ISO 8601 times')
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f'"{field}": {error}') from error
    return moment.astimezone(KOLKATA).replace(tzinfo=None) if moment.tzinfo else moment


def _plain(meaning: Mapping[str, Any]) -> dict[str, Any]:
    """Lists unordered; a correction makes yes or no superfluous."""
    out = {k: sorted(v) if isinstance(v, list | tuple) else v for k, v in meaning.items()}
    if "fix" in out:
        out.pop("yesno", None)
    return out


def same(got: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    """Whether two meanings are the same by the conventions of the utterance files."""
    return _plain(got) == _plain(gold)


@dataclass(frozen=True)
class Judged:
    """One line with what was understood."""

    line: Line
    got: Mapping[str, Any]

    @property
    def right(self) -> bool:
        """Exactly the right meaning."""
        return same(self.got, self.line.gold or {})

    @property
    def wrongly_accepted(self) -> bool:
        """An answer was taken where there was none."""
        return not self.line.gold and bool(self.got)

    @property
    def wrong_value(self) -> bool:
        """An answer was taken, but another than was given."""
        return bool(self.line.gold) and bool(self.got) and not self.right


def share(judged: Sequence[Judged], what: str) -> float:
    """The share (0..1) of `judged` with the property `what`; 1 for right, 0 for the rest when there are none."""
    if not judged:
        return 1.0 if what == "right" else 0.0
    return sum(bool(getattr(j, what)) for j in judged) / len(judged)
