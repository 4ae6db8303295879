"""Grouped commits on SQLite: the transactions of threads that wait for each other anyway are committed together.

SQLite has one writer. Instead of every thread beginning, committing and flushing to disk by itself, a thread that
finds others waiting leaves its changes in the open transaction and hands the connection on; the last one, or the one
after some milliseconds, commits for all. Each transaction but the first of a group is a savepoint, so that an error
takes back its own changes only. Everybody returns when the commit is on the disk, or fails with it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.errors import StoreError
from models.turns import Turns

# Who has finished waits for who has not. Other processes wait for the whole group, so that it must not go on for ever.
MOST = 64
MOST_S = 0.02

LOST = "has taken back the transactions of several threads at once; try again."
OPEN = "has not committed in time, as another thread's transaction does not end: whether this one counts is not known."


@dataclass
class _Group:
    """Transactions to be committed together; `done` of them without an error so far."""

    connection: Connection
    began: float = field(default_factory=time.monotonic)
    done: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lost: DBAPIError | str = ""

    @property
    def alive(self) -> bool:
        """Whether SQLite has the transaction open: a full disk, for one, makes it roll back by itself."""
        if self.connection.closed or self.connection.invalidated or not self.connection.in_transaction():
            return False
        raw = self.connection.connection.driver_connection
        return raw is not None and bool(raw.in_transaction)

    @property
    def due(self) -> bool:
        """Whether it should not grow further."""
        return self.done >= MOST or time.monotonic() - self.began >= MOST_S


class Grouping:
    """The writing side of one SQLite file.

    `connect` gives a connection with a transaction begun, `explain` turns a driver's error, or words, into a
    StoreError; nobody waits longer than `patience_s` for other threads.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        explain: Callable[[DBAPIError | str], StoreError],
        patience_s: float,
    ) -> None:
        self._connect, self._explain, self._patience_s = connect, explain, patience_s
        self._turns = Turns()
        self._open: _Group | None = None

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session in a transaction of its own; durable, or taken back, when this returns.

        An error, too, returns only with the group: it may come from what an earlier transaction of the group has done.
        """
        group = None
        try:
            with self._turn():
                group = self._open = self._open or _Group(self._connect())
                try:
                    with self._session(group) as session, session.begin():
                        yield session
                    group.done += 1
                finally:
                    self._after_one(group)
        except Exception:
            if group is not None:
                self._wait(group)
            raise
        self._wait(group)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No transaction of another thread is open meanwhile."""
        with self._turn():
            if self._open is not None:
                self._commit(self._open)
            yield

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._turns.mine:
            raise RuntimeError(
                "begin() inside begin(): use the session that is open; the inner one would wait for ever."
            )
        if not self._turns.take(self._patience_s):
            raise self._explain(
                f"is busy: another thread has been writing for over {self._patience_s:.0f} s; try again."
            )
        try:
            yield
        finally:
            self._turns.give()

    @staticmethod
    def _session(group: _Group) -> Session:
        # The first needs no savepoint: nobody is in the transaction whom its error could harm.
        mode: Literal["create_savepoint", "rollback_only"] = "create_savepoint" if group.done else "rollback_only"
        return Session(group.connection, expire_on_commit=False, join_transaction_mode=mode)

    def _after_one(self, group: _Group) -> None:
        if not group.done:
            self._end(group)
        elif not group.alive:
            self._end(group, LOST)
        elif group.due or not self._turns.wanted:
            self._commit(group)

    def _commit(self, group: _Group) -> None:
        lost: DBAPIError | str = LOST
        try:
            group.connection.commit()
            lost = ""
        except DBAPIError as error:
            lost = error
        finally:
            self._end(group, lost)

    def _end(self, group: _Group, lost: DBAPIError | str = "") -> None:
        """Let everybody in the group go. What has not been committed is rolled back as the connection is closed."""
        self._open, group.lost = None, lost
        try:
            if lost:  # SQLAlchemy takes a failed commit for the end of the transaction; SQLite has it still open
                group.connection.invalidate()
            group.connection.close()
        finally:
            group.over.set()

    def _wait(self, group: _Group) -> None:
        if not group.over.wait(self._patience_s):
            raise self._explain(OPEN)
        if group.lost:
            raise self._explain(group.lost)
