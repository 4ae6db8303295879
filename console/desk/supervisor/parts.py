"""What the supervisor's page shares: its words, and the figures of the day, which are not counted anew each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Response, current_app
from sqlalchemy.orm import Session

from booking.desk.figures import Figures, by_hour
from booking.desk.rules import DeskRules
from booking.zone import local
from console import showing
from console.deps import deps
from console.desk.conversation.parts import talking
from console.desk.deps import desk
from console.desk.shown import helpers
from console.words import Words, load

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
KEPT = "mitan-day"
GOOD_FOR = timedelta(minutes=1)


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of it."""
    return showing.show(
        f"supervisor/{template}.html", WORDS, status, t=talking(), names_of=desk().names, rules=desk().rules,
        at=deps().now().isoformat(), **helpers(), **values,
    )  # fmt: skip


@dataclass(frozen=True)
class _Earlier:
    """The hours of a day before the hour `first`, as they were at `at`."""

    day: date
    first: int
    at: datetime
    hours: Mapping[int, Figures]


class Day:
    """The figures of today by hour. The present hour and the one before are counted each time (10 ms at 20,000 callers
    a day), the hours before these once a minute (100 ms): only who waited or talked for that long still changes
    them."""

    def __init__(self) -> None:
        self._earlier: _Earlier | None = None
        self._lock = Lock()

    def by_hour(self, session: Session, now: datetime, rules: DeskRules) -> dict[int, Figures]:
        """The hours so far; no empty ones."""
        first = max(0, local(now).hour - 1)
        return {**self._before(session, now, rules, first), **by_hour(session, now, rules, first)}

    def _before(self, session: Session, now: datetime, rules: DeskRules, first: int) -> Mapping[int, Figures]:
        with self._lock:  # who comes meanwhile waits for the count instead of counting, too
            known = self._earlier
            day = local(now).date()
            if known is None or (known.day, known.first) != (day, first) or not known.at <= now < known.at + GOOD_FOR:
                hours = {hour: f for hour, f in by_hour(session, now, rules).items() if hour < first}
                self._earlier = known = _Earlier(day, first, now, hours)
            return known.hours


def day() -> Day:
    """That of this process."""
    found: Day = current_app.extensions.setdefault(KEPT, Day())
    return found
