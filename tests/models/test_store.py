from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, bindparam, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from booking.zone import ZONE
from models.base import UtcTime
from models.calls import Call
from models.catalogue import CityRow, ServiceRow
from models.conversations import Turn
from models.slots import SeatClaim, Slot
from models.store import Store, StoreError
from models.tables import metadata

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)


def test_migrations_make_every_table_from_nothing(empty_url: str) -> None:
    store = Store(empty_url)
    store.upgrade()
    assert set(metadata.tables) <= set(inspect(store.engine).get_table_names())
    store.ready()
    store.close()


def test_the_migrations_and_the_tables_say_the_same(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_upgrading_again_changes_nothing(store: Store) -> None:
    with store.begin() as session:
        session.add(CityRow(id="raipur", hi="रायपुर", en="Raipur", also=[]))
    store.upgrade()
    with store.read() as session:
        assert session.get_one(CityRow, "raipur").hi == "रायपुर"


def test_slots_of_the_first_version_are_kept_with_their_bookings_and_follow_the_rules(empty_url: str) -> None:
    store = Store(empty_url)
    store.upgrade(to="0001")
    with store.begin() as session:
        session.add(CityRow(id="raipur", hi="रायपुर", en="Raipur", also=[]))
        session.flush()
        slot = text("INSERT INTO slots (id, city_id, starts_at, seats) VALUES (7, 'raipur', :at, 2)")
        session.execute(slot.bindparams(bindparam("at", NOON, UtcTime())))
        session.add(SeatClaim(slot_id=7, seat=1, conversation_id="c1", expires_at=NOON))
    store.upgrade()
    store.ready()
    with store.read() as session:
        assert session.get_one(Slot, 7).seats is None
        assert session.scalars(select(SeatClaim)).one().slot_id == 7
    with pytest.raises(IntegrityError), store.begin() as session:  # references are watched again
        session.add(SeatClaim(slot_id=8, seat=1, conversation_id="c2", expires_at=NOON))
    store.close()


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(empty_url)
    migrate = Store._migrate

    def fail(self: Store, connection: Connection, to: str) -> None:
        migrate(self, connection, to)
        raise RuntimeError("the power went out")

    monkeypatch.setattr(Store, "_migrate", fail)
    with pytest.raises(RuntimeError):
        store.upgrade()
    assert inspect(store.engine).get_table_names() == []
    store.close()


def test_processes_that_start_at_once_all_get_a_migrated_store(empty_url: str) -> None:
    program = f"from models.store import Store\ns = Store({empty_url!r})\ns.upgrade()\ns.ready()"
    started = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    errors = [p.communicate(timeout=60)[1] for p in started]
    assert [p.returncode for p in started] == [0] * 4, errors


def test_a_store_without_tables_is_not_ready_and_says_what_to_do(empty_url: str) -> None:
    store = Store(empty_url)
    with pytest.raises(StoreError, match=r"has no tables yet: run `python app.py prepare`"):
        store.ready()
    store.close()


def test_a_store_of_a_newer_program_is_refused(store: Store) -> None:
    with store.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version of Mitan"):
        store.upgrade()
    with pytest.raises(StoreError, match="9999"):
        store.ready()


def test_a_server_that_is_down_is_named_without_its_password() -> None:
    store = Store("postgresql://mitan:s3cret@127.0.0.1:1/mitan?connect_timeout=2")
    with pytest.raises(StoreError) as caught:
        store.ready()
    assert "start the server, or correct DATABASE_URL" in str(caught.value)
    assert "s3cret" not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    ["", "mitan", "mysql://root:s3cret@host/db", "sqlite://", "sqlite:///:memory:", "postgresql://a:s3cret@h:x/d"],
)
def test_a_url_that_is_no_store_is_refused_without_repeating_secrets(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store(url)
    assert "s3cret" not in str(caught.value)


def test_a_server_lost_in_the_middle_is_a_store_error_and_the_next_transaction_works(postgres_url: str) -> None:
    store, other = Store(postgres_url), Store(postgres_url)

    def lose_the_connection() -> None:
        with store.begin() as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            with other.begin() as killer:
                killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            session.execute(text("SELECT 1"))

    with pytest.raises(StoreError, match="PostgreSQL database"):
        lose_the_connection()
    store.ready()
    store.close()
    other.close()


def test_errors_do_not_list_the_parameters_of_a_statement(store: Store) -> None:
    with pytest.raises(IntegrityError) as caught, store.begin() as session:
        session.add(Call(sid="CA1", status=None, from_number="+919812345615", started_at=NOON))
    assert "SQL parameters hidden" in str(caught.value)
    assert "params" not in repr(caught.value)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)
    with pytest.raises(StoreError, match="another program's"):
        Store(f"sqlite:///{path}").upgrade()


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'var' / 'deep' / 'mitan.db'}")
    store.upgrade()
    store.ready()
    store.close()


def test_an_error_in_a_transaction_takes_everything_back(store: Store) -> None:
    def fail_half_way() -> None:
        with store.begin() as session:
            session.add(CityRow(id="raipur", hi="रायपुर", en="Raipur", also=[]))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with store.read() as session:
        assert session.get(CityRow, "raipur") is None


def test_a_reading_session_cannot_write_and_the_next_writer_can(store: Store) -> None:
    for _ in range(3):  # the same pooled connection serves both
        with store.read() as session, pytest.raises(DBAPIError):
            session.execute(text("DELETE FROM cities"))
        with store.begin() as session:
            session.execute(text("DELETE FROM cities"))


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as session:
        assert session.get(CityRow, "korba") is None
        with store.begin() as writer:
            writer.add(CityRow(id="korba", hi="कोरबा", en="Korba", also=[]))
        seen_later = session.scalars(select(CityRow)).all()
    assert not seen_later
    with store.read() as session:
        assert session.get(CityRow, "korba") is not None


def test_writers_in_many_threads_lose_nothing(store: Store) -> None:
    with store.begin() as session:
        session.add(CityRow(id="raipur", hi="रायपुर", en="Raipur", also=[], position=0))

    def add_one() -> None:
        with store.begin() as session:
            row = session.get_one(CityRow, "raipur", with_for_update=True)
            row.position += 1

    threads = [threading.Thread(target=add_one) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        assert session.get_one(CityRow, "raipur").position == 40


def test_a_transaction_inside_a_transaction_is_refused_at_once(sqlite_store: Store) -> None:
    with sqlite_store.begin(), pytest.raises(RuntimeError, match="begin"), sqlite_store.begin():
        pass
    with sqlite_store.begin() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_sqlite_is_set_up_for_safety(sqlite_store: Store) -> None:
    with sqlite_store.begin() as session:
        pragma = {
            name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "synchronous")
        }
        wait_ms = session.scalar(text("PRAGMA busy_timeout"))
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
    assert wait_ms == 20_000


def test_a_row_cannot_point_to_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as session:
        session.add(Turn(conversation_id="none", seq=1, at=NOON, who="bot", kind="say"))


def test_a_moment_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    with store.begin() as session:
        session.add(Call(sid="CA1", status="completed", started_at=NOON, ended_at=None))
    with store.read() as session:
        call = session.get_one(Call, "CA1")
    assert call.started_at == NOON
    assert call.started_at.tzinfo is UTC
    assert call.ended_at is None


def test_moments_are_compared_across_zones(store: Store) -> None:
    with store.begin() as session:
        session.add(Call(sid="CA1", status="completed", started_at=NOON))
    with store.read() as session:
        assert session.scalars(select(Call).where(Call.started_at == NOON.astimezone(UTC))).one().sid == "CA1"
        assert session.scalars(select(Call).where(Call.started_at < NOON)).all() == []


def test_a_naive_moment_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="naive datetime"), store.begin() as session:
        session.add(Call(sid="CA1", status="completed", started_at=datetime(2026, 11, 22, 12, 0)))  # noqa: DTZ001


def test_hindi_survives_in_every_text_and_json_field(store: Store) -> None:
    hindi = "मृत्यु प्रमाण पत्र, क्ष त्र ज्ञ ‍‌ ₹५०"
    with store.begin() as session:
        session.add(ServiceRow(id=hindi, hi=hindi, en=hindi, documents=[hindi], position=0))
        session.add(CityRow(id=hindi, hi=hindi, en=hindi, district=hindi, also=[hindi, "अम्बिकापुर"]))
    with store.read() as session:
        service, city = session.get_one(ServiceRow, hindi), session.get_one(CityRow, hindi)
    assert (service.hi, service.documents) == (hindi, [hindi])
    assert (city.district, city.also) == (hindi, [hindi, "अम्बिकापुर"])
