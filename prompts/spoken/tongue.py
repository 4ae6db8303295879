"""What a language must be able to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Literal, Protocol

Daypart = Literal["morning", "afternoon", "evening", "night"]


class Tongue(Protocol):
    """A language's own way with numbers, dates and times. All results are words without digits."""

    def number(self, n: int) -> str:
        """The cardinal of `n`, Indian system (thousand, lakh, crore)."""

    def half(self, n: int) -> str:
        """`n` and a half, n >= 0."""

    def point(self, n: int, decimals: str) -> str:
        """`n` point `decimals`, digit by digit."""

    def ordinal(self, n: int) -> str:
        """The ordinal of `n` >= 1."""

    def rupees(self, rupees: int, paise: int) -> str:
        """An amount of money."""

    def day(self, day: date, today: date) -> str:
        """A day, with its distance from `today` when that is near and its year when it is another."""

    def near(self, days: int) -> str:
        """A day by its distance from today alone (1: tomorrow); "" when nobody would say it so."""

    def clock(self, at: time) -> str:
        """A time of day, to the minute, with the part of the day."""

    def when(self, day: str, clock: str) -> str:
        """A day and a time together."""

    def month(self, month: int) -> str:
        """The name of `month` (1-12)."""

    def daypart(self, part: Daypart) -> str:
        """The name of a part of the day."""

    def either(self, items: Sequence[str]) -> str:
        """Items to choose from: a, b or c."""

    def all_of(self, items: Sequence[str]) -> str:
        """Items that belong together: a, b and c."""


def scales(n: int, crore: str, lakh: str, thousand: str, hundred: str) -> list[tuple[int, str]]:
    """`n` >= 0 cut by the Indian system: (count, scale) pairs, the rest below a hundred with an empty scale.

    Counts stay below a hundred except for crores, which count themselves on.
    """
    parts = []
    for size, name in ((10_000_000, crore), (100_000, lakh), (1000, thousand), (100, hundred), (1, "")):
        count, n = divmod(n, size)
        if count:
            parts.append((count, name))
    return parts


def joined(items: Sequence[str], last: str) -> str:
    """`a, b <last> c`."""
    return f" {last} ".join(s for s in (", ".join(items[:-1]), items[-1]) if s) if items else ""
