"""The audit trail: who saw or changed what, the newest first."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Response, request

from booking.accounts.roles import ADMINISTRATOR
from booking.audit import Wanted, entries
from booking.zone import ZONE
from console.accounts.parts import show
from console.deps import deps
from ivr.gate import open_to

PAGE_SIZE = 50  # entries
LARGEST = 2**63 - 1
FILTERS = ("who", "what", "subject", "since", "until")


@open_to(ADMINISTRATOR, seen="audit")
def trail() -> Response:
    """The page; `?below=<id>` is the next one."""
    asked = {name: request.args.get(name, "").strip()[:100] for name in FILTERS}
    with deps().store.read() as store:
        found = entries(store, _wanted(asked), _below(), PAGE_SIZE + 1)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return show("trail", entries=found[:PAGE_SIZE], asked=asked, more=more, below=_below())


def _wanted(asked: dict[str, str]) -> Wanted:
    since, until = _day(asked["since"]), _day(asked["until"])
    return Wanted(
        asked["who"].lower().replace("\x00", ""),
        asked["what"].replace("\x00", ""),
        asked["subject"].replace("\x00", ""),
        _midnight(since) if since else None,
        _midnight(until + timedelta(days=1)) if until else None,
    )


def _below() -> int | None:
    below = request.args.get("below", type=int)
    return below if below is not None and 0 < below <= LARGEST else None


def _day(text: str) -> date | None:
    """The day of a date field; None for what is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
