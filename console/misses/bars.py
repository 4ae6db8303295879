"""Days as bars of a small picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HEIGHT = 100  # of the picture, in its own units


@dataclass(frozen=True)
class Bar:
    """A day: how many misses, whether it belongs to the span before, and where its bar stands (units of a picture that
    is `HEIGHT` high and one wide a day)."""

    day: date
    count: int
    earlier: bool
    left: int
    top: float


def bars(course: Sequence[tuple[date, int]], days: int) -> list[Bar]:
    """The bars, of which the last `days` are the span itself; the highest is as high as the picture."""
    most = max((count for _, count in course), default=0) or 1
    first = len(course) - days
    return [
        Bar(day, count, at < first, at, round(HEIGHT * (1 - count / most), 1)) for at, (day, count) in enumerate(course)
    ]
