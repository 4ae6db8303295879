"""A small town to book in: three services, three cities, and short ways to act."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from booking.bookings import Order, book
from booking.holds import Hold, hold
from booking.rules import VisitRules
from booking.zone import ZONE
from models.bookings import Booking
from models.catalogue import CityRow, ServiceRow
from models.store import Store

RULES = VisitRules(seats=2)
NOW = datetime(2026, 11, 22, 7, 30, tzinfo=ZONE)  # a Sunday
TEN = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)
AT_ONCE = timedelta(microseconds=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, local."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def found_town(store: Store) -> None:
    """Services and cities without any slot rows."""
    with store.begin() as session:
        session.add_all(
            [
                ServiceRow(id="birth_certificate", hi="जन्म प्रमाण पत्र", en="birth certificate", fee=None, documents=[]),
                ServiceRow(id="domicile_certificate", hi="मूल निवास प्रमाण पत्र", en="domicile certificate", fee=30,
                           documents=["identity"], since=date(2022, 5, 1)),
                ServiceRow(id="shop_registration", hi="गुमास्ता लाइसेंस", en="gumasta licence", documents=[],
                           since=date(2022, 5, 1), until=date(2026, 11, 23)),
                CityRow(id="raipur", hi="रायपुर", en="Raipur", also=[], position=0),
                CityRow(id="durg", hi="दुर्ग", en="Durg", also=[], position=1),
            ]
        )  # fmt: skip


def holds(store: Store, conversation: str = "c1", start: datetime = TEN, **changes: Any) -> Hold:
    """Hold a seat in a transaction of its own."""
    values = {"now": NOW, "rules": RULES, "city": "raipur", **changes}
    with store.begin() as session:
        return hold(session, starts_at=start, conversation=conversation, **values)


def order(conversation: str = "c1", start: datetime = TEN, **changes: Any) -> Order:
    """A valid order."""
    values: dict[str, Any] = {
        "service": "birth_certificate",
        "city": "raipur",
        "mobile": "9812345615",
        "pin": "492001",
        "caller": "+919812345615",
        **changes,
    }
    return Order(conversation=conversation, starts_at=start, **values)


def books(store: Store, what: Order | None = None, now: datetime = NOW, rules: VisitRules = RULES) -> Booking:
    """Book in a transaction of its own."""
    with store.begin() as session:
        return session.get_one(Booking, book(session, now, rules, what or order()).id)


def holds_and_books(store: Store, conversation: str = "c1", start: datetime = TEN, **changes: Any) -> Booking:
    """A whole booking."""
    what = order(conversation, start, **changes)
    holds(store, conversation, start, city=what.city)
    return books(store, what)
