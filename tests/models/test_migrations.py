"""Migrations with rows in the tables: from every earlier version, nothing is lost and everything goes on working."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Dialect, MetaData, func, select, text

from booking.bookings import find_by_number
from booking.errors import HoldLost
from booking.numbers import booking_number
from booking.tracking import by_mobile
from models.base import UtcTime
from models.bookings import Booking
from models.conversations import Turn
from models.notices import Notice
from models.opening import Closure
from models.slots import SeatClaim, Slot
from models.store import Store, version
from models.tables import metadata
from tests.booking.town import MINUTE, NOW, RULES, TEN, at, books, holds_and_books, order

NUMBER, MOBILE = booking_number(lambda _: 7), "9812345615"
VERSIONS = [f"{n:04}" for n in range(1, int(version()))]
# What has been made in the first version; columns that a version lacks, or must have, are left out or added below.
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("services", {"id": "birth_certificate", "hi": "जन्म प्रमाण पत्र", "en": "birth certificate", "fee": None,
                  "documents": ["पहचान"], "confirmed": False, "position": 0}),
    ("cities", {"id": "raipur", "hi": "रायपुर", "en": "Raipur", "district": "raipur", "also": [], "position": 0}),
    ("closures", {"id": "yearly-10-02", "yearly": "10-02", "reason": "", "lifted": False}),
    ("conversations", {"id": "c1", "channel": "phone", "caller": f"+91{MOBILE}", "language": "hi", "version": 4,
                       "state": {"filled": {"city": "raipur"}}, "started_at": NOW, "updated_at": NOW}),
    ("turns", {"id": 3, "conversation_id": "c1", "seq": 1, "at": NOW, "who": "caller", "kind": "heard",
               "text": "रायपुर"}),
    ("voice_notes", {"id": "n1", "conversation_id": "c1", "audio": bytes(range(256)), "seconds": 3.5,
                     "created_at": NOW, "text": ""}),
    ("callbacks", {"id": 2, "number": f"+91{MOBILE}", "reason": "busy", "language": "hi", "conversation_id": "c1",
                   "promised_at": NOW, "due_at": TEN, "summary": {}}),
    ("slots", {"id": 7, "city_id": "raipur", "starts_at": TEN, "seats": 2}),
    ("slots", {"id": 8, "city_id": "raipur", "starts_at": at(23, 11), "seats": 2}),
    ("bookings", {"id": 5, "number": NUMBER, "replay_key": "c1/birth_certificate/raipur/20261123T0430Z",
                  "service_id": "birth_certificate", "city_id": "raipur", "slot_id": 7, "mobile": MOBILE,
                  "pin": "492001", "note_id": "n1", "language": "hi", "caller": None, "conversation_id": "c1",
                  "stage": "booked", "fee": None, "visit_fee": 50, "created_at": NOW, "updated_at": NOW}),
    ("booking_events", {"id": 6, "booking_id": 5, "at": NOW, "who": "caller", "to_stage": "booked", "why": ""}),
    ("notices", {"id": 9, "booking_id": 5, "event": "booked", "version": 1, "channel": "sms", "language": "hi",
                 "recipient": f"+91{MOBILE}", "text": "मितान", "state": "pending", "attempts": 1, "due_at": NOW,
                 "subject": "booking:5"}),
    ("seat_claims", {"id": 4, "slot_id": 7, "seat": 1, "booking_id": 5}),
    ("seat_claims", {"id": 5, "slot_id": 8, "seat": 1, "conversation_id": "c2", "expires_at": NOW + 5 * MINUTE}),
]  # fmt: skip


def fill(connection: Connection) -> None:
    """All ROWS, as far as the tables have those columns."""
    there = MetaData()
    there.reflect(connection)
    for name, values in ROWS:
        table = there.tables[name]
        connection.execute(table.insert(), {k: plain(v, connection.dialect) for k, v in values.items() if k in table.c})
    if connection.dialect.name == "postgresql":
        for name in ("slots", "bookings", "booking_events", "notices", "seat_claims", "turns", "callbacks"):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 20)"))


def plain(value: Any, dialect: Dialect) -> Any:
    """`value` as a reflected column takes it: SQLite's know no zones."""
    return UtcTime().process_bind_param(value, dialect) if isinstance(value, datetime) else value


@pytest.fixture(params=VERSIONS)
def migrated(empty_url: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store that was in use in an earlier version and has been brought to the newest."""
    store = Store(empty_url)
    store.upgrade(to=request.param)
    with store.engine.connect() as connection, connection.begin():
        fill(connection)
    store.upgrade()
    store.ready()
    yield store
    store.close()


def test_everything_is_there_after_the_migration_and_can_be_used(migrated: Store) -> None:
    with migrated.read() as session:
        booking = find_by_number(session, NUMBER)
        assert booking is not None
        assert by_mobile(session, MOBILE) == [booking]
        assert booking.starts_at == TEN
        assert (booking.version, booking.stage, booking.missing, booking.updated_at) == (1, "booked", [], NOW)
        assert booking.note is not None
        assert booking.note.audio == bytes(range(256))
        assert [(e.what, e.to_stage, e.who, e.data) for e in booking.events] == [("stage", "booked", "caller", None)]
        assert [(n.subject, n.state, n.attempts) for n in booking.notices] == [("booking:5", "pending", 1)]
        assert session.scalars(select(Closure.calendar)).all() == ["visits"]
        assert session.scalars(select(Turn.text)).all() == ["रायपुर"]
        assert session.scalar(select(func.count(SeatClaim.id))) == 2
        assert set(session.scalars(select(Slot.area))) == {""}


def test_the_tables_are_those_of_the_program_whatever_they_came_from(migrated: Store) -> None:
    with migrated.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_booking_goes_on_after_the_migration_without_selling_a_seat_twice(migrated: Store) -> None:
    again = books(migrated, order("c1"))  # the replay of a call from before
    assert again.number == NUMBER
    holds_and_books(migrated, "c5")  # the second seat
    with pytest.raises(HoldLost):
        books(migrated, order("c6"), rules=RULES)
    assert books(migrated, order("c2", at(23, 11))).id > 5  # held before the migration
    with migrated.read() as session:
        assert session.scalar(select(func.count(Booking.id))) == 3
        assert session.scalar(select(func.count(Notice.id))) == 3
