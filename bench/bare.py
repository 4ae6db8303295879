"""The same SQL without SQLAlchemy: one booking's statements are recorded and then repeated through the bare driver."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import URL, Engine, event

from models.prepared import Line

DRIVER_S = 120.0  # how long SQLite's driver polls for its turn before it gives up
_ANSWERS = re.compile(r"\s*SELECT\b|\bRETURNING\b")
_INTO = re.compile(r"INSERT INTO (\w+) \(([^)]*)\)")


@dataclass
class Recording:
    """The statements of one booking, transaction by transaction, and what in them differs from booking to booking.

    `values` maps a value of the recorded booking to the name of what stands in its place ("conversation", "slot" …).
    """

    transactions: list[list[tuple[str, Any, bool]]] = field(default_factory=list)
    values: dict[Any, str] = field(default_factory=dict)

    @property
    def statements(self) -> int:
        """How many statements a booking takes, without BEGIN and COMMIT."""
        return sum(map(len, self.transactions))


@contextmanager
def recorded(engine: Engine) -> Iterator[Recording]:
    """What `engine` executes meanwhile."""
    recording, fetched = Recording(), Line.fetched

    def begun(_connection: Any) -> None:
        recording.transactions.append([])

    def executed(*about: Any) -> None:
        statement, parameters = about[2], about[3]
        if not statement.startswith(("PRAGMA", "BEGIN")):
            recording.transactions[-1].append((statement, parameters, _ANSWERS.search(statement) is not None))

    def prepared(line: Line, statement: str, parameters: Any, read: Any) -> list[Any]:
        recording.transactions[-1].append((statement, parameters, bool(read)))
        return fetched(line, statement, parameters, read)

    event.listen(engine, "begin", begun, insert=True)
    event.listen(engine, "before_cursor_execute", executed)
    try:
        with patch.object(Line, "fetched", prepared):
            yield recording
    finally:
        event.remove(engine, "begin", begun)
        event.remove(engine, "before_cursor_execute", executed)


@dataclass
class Replay:
    """Bookings by the driver's `connection`; a commit takes `flush_s` seconds longer."""

    connection: Any
    recording: Recording
    flush_s: float = 0.0

    def book(self, given: Mapping[str, Any]) -> list[float]:
        """One booking with the `given` values in place of the recorded ones, and with the ids that the store gives.

        Returns the seconds of each transaction.
        """
        values, took = dict(given), []
        for transaction in self.recording.transactions:
            began = time.perf_counter()
            cursor = self.connection.cursor()
            if isinstance(self.connection, sqlite3.Connection):
                cursor.execute("BEGIN IMMEDIATE")
            for recorded in transaction:
                self._execute(cursor, recorded, values)
            if self.flush_s:
                time.sleep(self.flush_s)
            self.connection.commit()
            took.append(time.perf_counter() - began)
        return took

    def _execute(self, cursor: Any, recorded: tuple[str, Any, bool], values: dict[str, Any]) -> None:
        statement, parameters, answers = recorded
        into = _INTO.match(statement)
        cursor.execute(statement, self._put(parameters, into, values))
        rows = cursor.fetchall() if answers else []
        if into and into[1] in ("seat_claims", "bookings"):
            made = values[into[1]] = rows[0][0] if rows else cursor.lastrowid
            values["subject"] = f"booking:{made}"

    def _put(self, parameters: Any, into: re.Match[str] | None, values: Mapping[str, Any]) -> Any:
        names = self.recording.values
        named = parameters if isinstance(parameters, dict) else dict(enumerate(parameters))
        put = {key: values[names[value]] if value in names else value for key, value in named.items()}
        if into and into[1] == "seat_claims":
            columns = [c.strip() for c in into[2].split(",")]
            put["seat" if isinstance(parameters, dict) else columns.index("seat")] = values["seat"]
        return put if isinstance(parameters, dict) else tuple(put.values())


def connector(url: URL) -> Callable[[], Any]:
    """Opens connections of the bare driver to the store at `url`, as durable as ours."""
    if url.drivername == "sqlite":
        return lambda: _sqlite(str(url.database))
    text = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return lambda: psycopg.connect(text)


def _sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=DRIVER_S, isolation_level=None, check_same_thread=False)
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "journal_mode=WAL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
