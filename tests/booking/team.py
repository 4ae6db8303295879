"""A team of executives, and short ways to send it out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from booking.actors import Actor
from booking.assigning import Report, assign_all
from booking.assignment import assign
from booking.rules import VisitRules
from booking.tracking import by_number
from models.bookings import Booking
from models.executives import Executive, Visit
from models.store import Store
from tests.booking.life import AGENT
from tests.booking.town import NOW, TEN, books, order

MANY = VisitRules(seats=50)


def executive(number: str = "M-1", **values: Any) -> Executive:
    """Works every day in all of Raipur, eight visits a day."""
    team = {"hi": "सुनीता साहू", "en": "Sunita Sahu", "mobile": "9000000001", "city_id": "raipur", "area": "",
            "weekdays": list(range(7)), "capacity": 8}  # fmt: skip
    return Executive(**{"id": number, **team, **values})


def hires(store: Store, *team: Executive) -> None:
    """Add executives."""
    with store.begin() as session:
        session.add_all(team)


def booked(store: Store, conversation: str = "c1", start: datetime = TEN, **changes: Any) -> str:
    """The number of a fresh booking; there is always a seat."""
    return books(store, order(conversation, start, **changes), rules=MANY).number


def assigns(
    store: Store, number: str, executive: str | None = None, actor: Actor = AGENT, now: datetime = NOW, **options: Any
) -> Booking:
    """Assign in a transaction of its own."""
    with store.begin() as session:
        return assign(session, now, by_number(session, number), actor, executive, **options)


def assigns_due(store: Store, now: datetime = NOW, **options: Any) -> Report:
    """An assignment run."""
    return assign_all(store, now, **options)


def comes(store: Store, number: str) -> str | None:
    """Who comes: the executive of the planned visit, which the booking names, too."""
    with store.read() as session:
        booking = by_number(session, number)
        planned = [v.executive_id for v in booking.visits if v.state == "planned"]
        assert planned == ([booking.executive_id] if booking.stage == "assigned" else [])
        return planned[0] if planned else None


def visits(store: Store, number: str) -> list[tuple[str, str, str]]:
    """The visits of a booking in order: executive, state, purpose."""
    with store.read() as session:
        return [(v.executive_id, v.state, v.purpose) for v in by_number(session, number).visits]


def visit(executive: str, booking: int, start: datetime = TEN, state: str = "planned") -> Visit:
    """A visit row."""
    return Visit(executive_id=executive, booking_id=booking, starts_at=start, state=state, assigned_at=NOW)
