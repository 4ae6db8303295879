"""Changing the calendar: one after the other, with slots made at once, and never past the bookings that are touched."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy.orm import Session

from booking import audit, clearing
from booking.audit import Deed, Who
from booking.data_versions import count_up
from booking.nearest import Vacancies
from booking.rules import VisitRules
from booking.seats import ensure_slots
from booking.stranded import Stretch, stranded
from booking.zone import local
from models.bookings import Booking
from models.opening import Clearing

NAME = "calendar"
Then = Literal["move", "desk"]


class Change(Protocol):
    """A change of the calendar (see closures, day_rules, agent_days)."""

    def make(self, session: Session, now: datetime) -> Deed:
        """Carry it out; raises CalendarError."""

    def where(self, now: datetime, rules: VisitRules) -> Stretch | None:
        """Where bookings may be touched; None: nowhere."""


@dataclass(frozen=True)
class Touch:
    """A booking whose visit at `at` could not take place any more, and the slot that it would get (None: the desk
    calls); both local. City, area and service are ids."""

    number: str
    service: str
    city: str
    area: str
    at: datetime
    to: datetime | None


@dataclass(frozen=True)
class Consent:
    """What is to become of touched bookings: `then` move them, or leave them to the desk; `seen` is the mark of the
    list that was looked at."""

    then: Then
    seen: str


class Touches(Exception):  # noqa: N818
    """Bookings are touched that nobody has looked at yet: show `found`, ask, and say with `mark` what was looked at."""

    def __init__(self, found: Sequence[Touch], mark: str) -> None:
        super().__init__(f"{len(found)} bookings")
        self.found, self.mark = found, mark


@dataclass(frozen=True)
class By:
    """Who changes the calendar, and what is to become of the bookings that it touches (None: to be asked)."""

    who: Who
    consent: Consent | None = None


def change(session: Session, now: datetime, rules: VisitRules, what: Change, by: By) -> Clearing | None:
    """Carry out `what`, in a transaction that ends with the error that this raises; the order to move bookings, if that
    is wanted: `clearing.carry_out` does it when this is stored.

    Raises CalendarError, and Touches while the bookings that it touches have not been looked at just so.
    """
    count_up(session, NAME)  # others wait here: two changes at once would each miss what the other one touches
    where = what.where(now, rules)
    before = {b.id for b in stranded(session, now, rules, where)} if where else set()
    deed = what.make(session, now)
    found = [b for b in stranded(session, now, rules, where) if b.id not in before] if where else []
    if found and (by.consent is None or by.consent.seen != _mark(found)):
        raise Touches(_planned(session, now, rules, found), _mark(found))
    ensure_slots(session, now, rules)
    audit.note(session, now, by.who, deed)
    if found and where and by.consent and by.consent.then == "move":
        return clearing.order(session, now, by.who.login, where, _cause(deed))
    return None


def _planned(session: Session, now: datetime, rules: VisitRules, found: Sequence[Booking]) -> list[Touch]:
    vacancies = Vacancies(now, rules)
    return [
        Touch(b.number, b.service_id, b.city_id, b.slot.area, local(b.starts_at), vacancies.take(session, b))
        for b in found
    ]


def _mark(found: Sequence[Booking]) -> str:
    """Stands for these bookings in these slots."""
    text = " ".join(f"{b.id}/{b.slot_id}" for b in sorted(found, key=lambda b: b.id))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _cause(deed: Deed) -> str:
    values = deed.after or deed.before or {}
    reason = str(values.get("reason") or "")
    return f"calendar changed: {reason}" if reason else "calendar changed"
