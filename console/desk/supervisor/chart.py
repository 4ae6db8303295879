"""The chart of the day: a column for every hour, in hundredths of its height."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from booking.desk.figures import Figures

PARTS = ("in_time", "late", "abandoned", "others")
FIRST_H, LAST_H = 8, 19  # always shown: the desk's usual hours


@dataclass(frozen=True)
class Block:
    """A part of a column: its kind, where it begins (from the top) and how high it is, hundredths of the chart."""

    kind: str
    top: float
    height: float


@dataclass(frozen=True)
class Column:
    """An hour: how many callers, their blocks, and the part answered in time (hundredths; None: nobody)."""

    hour: int
    number: int
    blocks: tuple[Block, ...]
    level: float | None


def columns(hours: Mapping[int, Figures]) -> list[Column]:
    """From the first to the last hour of the desk, and beyond where somebody called; the highest fills the chart."""
    first, last = min([FIRST_H, *hours]), max([LAST_H, *hours])
    most = max((f.entered for f in hours.values()), default=0)
    return [_column(hour, hours.get(hour, Figures()), most) for hour in range(first, last + 1)]


def parts(figures: Figures) -> dict[str, int]:
    """What became of the callers, the sum of which is those who entered: others wait, or went another way."""
    late = figures.answered - figures.in_time
    others = figures.entered - figures.answered - figures.abandoned
    return dict(zip(PARTS, (figures.in_time, late, figures.abandoned, max(0, others)), strict=True))


def _column(hour: int, figures: Figures, most: int) -> Column:
    blocks, foot = [], 100.0
    for kind, number in parts(figures).items():
        if number:
            height = 100 * number / max(1, most)
            foot -= height
            blocks.append(Block(kind, round(max(0.0, foot), 2), round(height, 2)))
    level = figures.service_level
    return Column(hour, figures.entered, tuple(blocks), None if level is None else round(level * 100, 1))
