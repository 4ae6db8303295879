"""The period of which the page shows the numbers: today, some days, or from one day to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from booking.questions import Span
from booking.zone import ZONE, local_day

DAYS = {"today": 1, "7": 7, "30": 30}
CHOSEN = "days"
LONGEST = 366  # days


@dataclass(frozen=True)
class Period:
    """What was asked for: a name of DAYS or CHOSEN, with the first and last day as they were typed. `wrong` is the code
    of what is wrong with these ("": nothing); the span is today's then."""

    name: str
    since: str
    until: str
    span: Span
    wrong: str = ""

    @property
    def args(self) -> dict[str, str]:
        """The same in an address."""
        return {"of": self.name, **({"since": self.since, "until": self.until} if self.name == CHOSEN else {})}


def period(asked: Mapping[str, str], now: datetime) -> Period:
    """The period of a page's query; `now` is aware."""
    today, name = local_day(now), asked.get("of", "")
    if name == CHOSEN:
        return _chosen(asked.get("since", "").strip()[:20], asked.get("until", "").strip()[:20], today)
    name = name if name in DAYS else "today"
    first = today - timedelta(days=DAYS[name] - 1)
    return Period(name, first.isoformat(), today.isoformat(), _span(first, today))


def _chosen(since: str, until: str, today: date) -> Period:
    first, last = _day(since), _day(until)
    if first is None or last is None:
        return Period(CHOSEN, since, until, _span(today, today), "day")
    if last < first:
        return Period(CHOSEN, since, until, _span(today, today), "order")
    if (last - first).days >= LONGEST:
        return Period(CHOSEN, since, until, _span(today, today), "long")
    return Period(CHOSEN, since, until, _span(first, last))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _span(first: date, last: date) -> Span:
    midnight = (datetime.combine(day, time(), ZONE) for day in (first, last + timedelta(days=1)))
    return Span(*midnight)
