"""SQLAlchemy engines for both stores: URLs, and how a SQLite connection and transaction begin."""

from __future__ import annotations

import math
import time
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteError
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import StoreError

BUSY_S = 20.0  # how long a writer waits for other processes' writers; measured worst waits are 1-4 s
WAL_TRIES = 100
RESTED_S = 1.0  # after which a pooled connection to PostgreSQL is asked whether it still works
READ_ONLY = "mitan_read_only"

_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def store_url(text: str) -> URL:
    """The SQLAlchemy URL for `text` (sqlite:///file or postgresql://…); raises StoreError."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text itself may hold a password, so it is not repeated.
        raise StoreError(
            "DATABASE_URL is not a URL: write sqlite:///file or postgresql://user:password@host/name."
        ) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise StoreError(f"DATABASE_URL begins with {url.drivername}://: only sqlite:// and postgresql:// are stores.")
    if driver == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreError("SQLite in memory cannot be shared between threads: name a file, sqlite:///path/mitan.db.")
    return url.set(drivername=driver)


def place(url: URL) -> str:
    """Where the store is, for messages: no user, no password, no query."""
    if url.drivername == "sqlite":
        return f"SQLite file {url.database}"
    return f"PostgreSQL database {url.database or ''!r} on {url.host or url.query.get('host') or 'localhost'}"


def make_engine(url: URL) -> Engine:
    """The engine for `url`, connecting lazily; raises StoreError when SQLite's folder cannot be made."""
    # Parameters are personal data; errors, which are logged, must not show them.
    if url.drivername != "sqlite":
        # All are kept: those beyond a smaller pool would be opened anew, 5-10 ms, whenever more threads work at once.
        engine = create_engine(url, pool_size=40, max_overflow=0, pool_timeout=10, hide_parameters=True)
        event.listen(engine, "checkin", _on_checkin)
        event.listen(engine, "checkout", _on_checkout)
        return engine
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{place(url)}: its folder cannot be made ({error.strerror}); set server.var_dir.") from None
    engine = create_engine(
        url, connect_args={"timeout": BUSY_S}, pool_size=10, max_overflow=40, pool_timeout=BUSY_S, hide_parameters=True
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: SqliteConnection, _record: object) -> None:
    # The driver must not begin transactions itself: it would begin them deferred, and two writers that read first
    # would then fail instead of waiting.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")
    _wal(connection)


def _wal(connection: SqliteConnection) -> None:
    # Switching a fresh file to WAL fails at once, without the busy timeout, while another process switches it too.
    for left in range(WAL_TRIES, -1, -1):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except SqliteError as error:
            if left == 0 or "locked" not in str(error):
                raise
            time.sleep(0.05)
        else:
            return


def _on_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rested_s"] = time.monotonic()


def _on_checkout(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask whether the server is still there, but only of a connection that has rested: the question is a round trip,
    as long as a statement."""
    if time.monotonic() - record.info.get("rested_s", math.inf) < RESTED_S:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error:
        raise DisconnectionError from None  # SQLAlchemy connects anew


def _on_begin(connection: Connection) -> None:
    read_only = bool(connection.get_execution_options().get(READ_ONLY))
    if connection.info.get(READ_ONLY) is not read_only:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        connection.info[READ_ONLY] = read_only
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
