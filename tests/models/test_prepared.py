"""Prepared statements give and take what SQLAlchemy's own way does, on both stores."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import table
from models.catalogue import CityRow, ServiceRow
from models.inserting import insert_new
from models.prepared import Prepared, pipelined
from models.slots import Slot
from models.store import Store, StoreError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CITY = {"id": "raipur", "hi": "रायपुर", "en": "Raipur", "district": "", "also": ["Raypur"], "position": 0}
_slots, _services, _cities = map(table, (Slot, ServiceRow, CityRow))
NEW_CITY = Prepared(insert(_cities).inline(), *CITY)
NEW_SLOT = insert_new(Slot, "city_id", "area", "starts_at")
SLOTS = Prepared(select(_slots.c.id, _slots.c.starts_at).where(_slots.c.starts_at >= bindparam("since")))


def test_moments_days_and_json_come_back_as_they_went(store: Store) -> None:
    with store.begin() as session:
        NEW_CITY.all(session, CITY)
        session.add(ServiceRow(id="pan_card", hi="पैन", en="PAN", documents=[], since=date(2026, 1, 1)))
        session.flush()
        made = NEW_SLOT.first(session, {"city_id": "raipur", "area": "", "starts_at": NOON})
        assert SLOTS.all(session, {"since": NOON}) == [(made.id, NOON)]
        assert SLOTS.first(session, {"since": NOON}).starts_at.tzinfo is UTC
        since = Prepared(select(_services.c.since).where(_services.c.id == "pan_card"))
        assert since.first(session, {}).since == date(2026, 1, 1)
        assert session.get_one(CityRow, "raipur").also == ["Raypur"]


def test_a_row_whose_place_is_taken_is_not_inserted(store: Store) -> None:
    with store.begin() as session:
        NEW_CITY.all(session, CITY)
        slot = {"city_id": "raipur", "area": "", "starts_at": NOON}
        assert NEW_SLOT.first(session, slot) is not None
        assert NEW_SLOT.first(session, slot) is None


def test_an_error_of_the_driver_is_sqlalchemys_and_takes_the_transaction_back(store: Store) -> None:
    def twice(sending: Callable[[Session], AbstractContextManager[None]]) -> None:
        with store.begin() as session, sending(session):
            NEW_CITY.all(session, CITY)
            NEW_CITY.all(session, CITY)

    for sending in (nullcontext, pipelined):
        with pytest.raises(IntegrityError) as caught:
            twice(sending)
        assert "रायपुर" not in str(caught.value)
    with store.read() as session:
        assert session.scalars(select(CityRow)).all() == []


def test_a_column_with_a_default_that_is_not_given_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="must be given"), store.begin() as session:
        Prepared(insert(_cities), "id", "hi", "en", "also").all(session, CITY)


def test_a_connection_that_the_server_closed_while_it_rested_is_replaced(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.engine.RESTED_S", 0.0)
    store, other = Store(postgres_url), Store(postgres_url)
    with store.begin() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    with other.begin() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with store.begin() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != pid
    store.close()
    other.close()


def test_a_server_lost_under_a_prepared_statement_is_a_store_error_and_the_next_transaction_works(
    postgres_url: str,
) -> None:
    store, other = Store(postgres_url), Store(postgres_url)

    def lose_the_connection() -> None:
        with store.begin() as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            with other.begin() as killer:
                killer.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
            SLOTS.all(session, {"since": NOON})

    with pytest.raises(StoreError, match="PostgreSQL database"):
        lose_the_connection()
    store.ready()
    store.close()
    other.close()
