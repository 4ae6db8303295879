"""How the pages of work and supervision write times, lengths and parts, in the page's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from booking.zone import local, local_day
from console.deps import deps
from console.desk.parts import clock, spaced
from console.desk.questions import question
from console.language import language


def lasting(seconds: float | None) -> str:
    """A length as minutes and seconds, `2:05`, with hours where there are some; a dash for none."""
    if seconds is None:
        return "–"
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def percent(part: float | None) -> str:
    """A part of 1 as a whole number of hundredths; a dash for none."""
    return "–" if part is None else f"{round(part * 100)} %"


def when(at: datetime) -> str:
    """A time of today as the clock shows it, else with its day."""
    if local_day(at) == local_day(deps().now()):
        return clock(at)
    return str(format_datetime(local(at), "d MMM, HH:mm", locale=language()))


def since(at: datetime) -> float:
    """How long ago, seconds."""
    return max(0.0, (deps().now() - at).total_seconds())


def helpers() -> dict[str, Any]:
    """For templates."""
    spoken = language()
    return {
        "lasting": lasting,
        "percent": percent,
        "when": when,
        "since": since,
        "spaced": spaced,
        "asked": lambda node: question(node, spoken),
    }
