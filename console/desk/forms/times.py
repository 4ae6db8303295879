"""Free times to choose from, found as for a caller (`booking.slots`), and the seat that is kept for the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from booking import holds, slots
from booking.areas import areas
from booking.errors import BookingError
from booking.rules import VisitRules
from booking.zone import ZONE, local
from models.slots import Slot

MOST = 48  # times of one day


@dataclass(frozen=True)
class Choice:
    """One start time: its value in the form, begin and end (local), whether it is the chosen one."""

    value: str
    start: datetime
    end: datetime
    chosen: bool


@dataclass(frozen=True)
class Times:
    """The times of `day` that are free. `why` nothing can be had on the day that was asked for (past, closed, too_far,
    too_soon; "full"), when another day is shown. `kept_until`: a seat at the chosen time is held until then. `place` is
    False while it is not known where."""

    place: bool
    day: date | None = None
    choices: Sequence[Choice] = ()
    why: str = ""
    asked: date | None = None
    kept_until: datetime | None = None


@dataclass(frozen=True)
class Where:
    """A city and "" or one of its areas, and the conversation for which a seat may be held."""

    city: str
    area: str
    conversation: str


def times(session: Session, now: datetime, rules: VisitRules, where: Where, wish: tuple[date | None, str]) -> Times:
    """The free times for `wish` (day, chosen value); of the first day that has any where none is named or it is
    full."""
    day, chosen = wish
    try:
        asked = slots.Wish(where.city, day, limit=MOST, area=where.area)
        found = slots.find(session, now, rules, asked, conversation=where.conversation)
    except BookingError:
        return Times(place=False)
    why = slots.why_closed(session, now, rules, where.city, day, where.area) if day else None
    full = "full" if day and not why and found.relation in ("later", "none") else ""
    starts = [s.starts_at for s in found.slots]
    length = timedelta(minutes=rules.slot_min)
    return Times(
        place=True,
        day=starts[0].date() if starts else day,
        choices=[Choice(value(s), s, s + length, value(s) == chosen) for s in starts],
        why=why or full or ("none" if not starts else ""),
        asked=day,
        kept_until=_kept(session, now, where, chosen),
    )


def wished_day(session: Session, now: datetime, rules: VisitRules, where: Where, said: Mapping[str, Any]) -> str:
    """The first day that has a time for what a caller has said of it (`daypart`, `time`) without naming a day, as a
    date field has it; "" where nothing was said, or nothing is free."""
    part = next((one for one in slots.DAYPARTS if one == said.get("daypart")), None)
    at = _time_of(said.get("time"))
    if (part is None and at is None) or not where.city:
        return ""
    wish = slots.Wish(where.city, None, part, at, area=where.area)
    try:
        found = slots.find(session, now, rules, wish, conversation=where.conversation)
    except BookingError:
        return ""
    return found.slots[0].starts_at.date().isoformat() if found.slots else ""


def value(start: datetime) -> str:
    """A start time as it stands in a form: local, without zone."""
    return local(start).replace(tzinfo=None).isoformat(timespec="minutes")


def start_of(text: str) -> datetime | None:
    """The start time of `value`, aware; None for what is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE) if len(text) == 16 else None
    except ValueError:
        return None


def day_of(text: str) -> date | None:
    """The day of a date field; None for what is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _time_of(said: Any) -> time | None:
    try:
        return time.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None


def needs_area(session: Session, city: str) -> bool:
    """Whether the city is served area by area."""
    return bool(city) and bool(areas(session, city))


def _kept(session: Session, now: datetime, where: Where, chosen: str) -> datetime | None:
    """Until when the conversation's seat at the chosen time is held."""
    claim = holds.claim_of(session, where.conversation)
    if claim is None or claim.expires_at is None or claim.expires_at <= now:
        return None
    slot = session.get_one(Slot, claim.slot_id)
    here = (slot.city_id, slot.area) == (where.city, where.area) and value(slot.starts_at) == chosen
    return local(claim.expires_at) if here else None
