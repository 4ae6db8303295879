"""Short ways through the life of a booking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.changes import change_stage
from booking.moving import cancel, move
from booking.rules import VisitRules
from booking.tracking import Status, by_number, status
from models.bookings import Booking, BookingEvent
from models.executives import Executive
from models.slots import SeatClaim, Slot
from models.store import Store
from tests.booking.town import NOW, RULES

AGENT = Actor("agent", "7")
OFFICE = Actor("office", "raipur")
FIELD = Actor("executive", "M-1")

# By whom the ordinary course is taken.
COURSE: dict[str, Actor] = {
    "assigned": Actor("job"),
    "visited": FIELD,
    "fee_paid": FIELD,
    "submitted": FIELD,
    "in_verification": OFFICE,
    "approved": OFFICE,
    "certificate_ready": OFFICE,
    "out_for_delivery": FIELD,
    "delivered": FIELD,
}


def engages(store: Store, id: str = "M-1", city: str = "raipur") -> None:
    """An executive of a city."""
    with store.begin() as session:
        session.add(
            Executive(id=id, hi="सुनीता साहू", en="Sunita Sahu", mobile="9000000001", city_id=city,
                      weekdays=list(range(7)), capacity=8)
        )  # fmt: skip


def goes(
    store: Store, number: str, to: str, actor: Actor | None = None, now: datetime = NOW, **options: Any
) -> Booking:
    """Change the stage in a transaction of its own."""
    if to == "assigned":
        options.setdefault("values", {"executive_id": "M-1"})
    with store.begin() as session:
        return change_stage(session, now, by_number(session, number), to, actor or COURSE[to], **options)


def goes_until(store: Store, number: str, last: str, now: datetime = NOW) -> None:
    """Take the ordinary course up to and with the stage `last`."""
    engages(store)
    for stage in COURSE:
        goes(store, number, stage, now=now)
        if stage == last:
            return


def moves(
    store: Store,
    number: str,
    start: datetime,
    actor: Actor = CALLER,
    now: datetime = NOW,
    rules: VisitRules = RULES,
    **options: Any,
) -> Booking:
    """Move in a transaction of its own."""
    with store.begin() as session:
        return move(session, now, rules, by_number(session, number), start, actor, **options)


def cancels(
    store: Store, number: str, actor: Actor = CALLER, now: datetime = NOW, reason: str = "not needed", **options: Any
) -> Booking:
    """Cancel in a transaction of its own."""
    with store.begin() as session:
        return cancel(session, now, RULES, by_number(session, number), actor, reason, **options)


def stands(store: Store, number: str, now: datetime = NOW, rules: VisitRules = RULES) -> Status:
    """The status."""
    with store.read() as session:
        return status(session, now, rules, by_number(session, number))


def told(store: Store, number: str) -> list[str]:
    """The events of which the citizen has been told, in order."""
    with store.read() as session:
        return [n.event for n in by_number(session, number).notices]


def happened(store: Store, number: str) -> list[tuple[str, str | None, str, str]]:
    """What happened: (what, from, to, who)."""
    with store.read() as session:
        return [(e.what, e.from_stage, e.to_stage, e.who) for e in by_number(session, number).events]


def last_event(store: Store, number: str) -> BookingEvent:
    """The newest event row."""
    with store.read() as session:
        return by_number(session, number).events[-1]


def taken(store: Store) -> dict[datetime, int]:
    """Seats taken or held, by start of the slot."""

    counts = select(Slot.starts_at, func.count(SeatClaim.id)).join(SeatClaim).group_by(Slot.starts_at)
    with store.read() as session:
        return dict(session.execute(counts).all())


def counted(store: Store, table: Any) -> int:
    """Rows of a table."""
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def within(store: Store, deed: Callable[[Session], Any]) -> Any:
    """Do something in a transaction of its own."""
    with store.begin() as session:
        return deed(session)
