"""Short ways to complain, appeal and wait in the small town; rows around them that must not be touched."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from booking.actors import Actor
from booking.complaints import NewComplaint, register
from booking.waiting import NewWaiting, join
from models.complaints import Complaint, ComplaintEvent, EscalationLevel
from models.notices import Notice
from models.seed.read import read
from models.store import Store
from models.waiting import Waiting
from tests.booking.town import NOW

OFFICE, AGENT, ADMIN = Actor("office", "o1"), Actor("agent", "7"), Actor("admin", "a")
MOBILE = "9812345615"


def found_levels(store: Store) -> None:
    """The project's own levels of escalation."""
    with store.begin() as session:
        session.add_all(EscalationLevel(**row) for row in read("escalation"))


def complains(store: Store, kind: str = "delay", now: datetime = NOW, **changes: Any) -> Complaint:
    """A complaint in a transaction of its own."""
    what = NewComplaint(kind, changes.pop("mobile", MOBILE), **changes)
    with store.begin() as session:
        return register(session, now, what)


def events_of(store: Store, complaint: Complaint) -> list[tuple[str, str | None, str]]:
    """What happened to it: what, from, to."""
    with store.read() as session:
        rows = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint.id).order_by(ComplaintEvent.id)
        return [(e.what, e.from_stage, e.to_stage) for e in session.scalars(rows)]


def told(store: Store, **subject: int) -> list[str]:
    """The events of the notices about one record, in their order: `told(store, complaint_id=1)`."""
    with store.read() as session:
        return list(session.scalars(select(Notice.event).filter_by(**subject).order_by(Notice.id)))


def waits(store: Store, mobile: str = MOBILE, now: datetime = NOW, **changes: Any) -> Waiting:
    """A place in the line for any time of 23 or 24 November in Raipur."""
    values: dict[str, Any] = {
        "service": "birth_certificate",
        "city": "raipur",
        "first_day": date(2026, 11, 23),
        "last_day": date(2026, 11, 24),
        "conversation": f"c-{mobile}",
        "pin": "492001",
        **changes,
    }
    with store.begin() as session:
        return join(session, now, NewWaiting(mobile=mobile, **values))
