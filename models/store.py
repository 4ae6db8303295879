"""The store: sessions in one transaction, migrations, readiness; the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

import models.tables  # noqa: F401  fills the metadata and configures the relationships
from models.engine import BUSY_S, READ_ONLY, make_engine, place, store_url
from models.errors import StoreError
from models.grouping import Grouping
from models.prepared import lay_line

__all__ = ["Store", "StoreError", "version"]

UPGRADE_LOCK = 14545  # PostgreSQL advisory lock: one process migrates, the others wait
POSTGRES_READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Store:
    """A store at `url`: `sqlite:///file` or `postgresql://…`. Threads share one; each process makes its own."""

    def __init__(self, url: str) -> None:
        self._url = store_url(url)
        self.engine: Engine = make_engine(self._url)
        options = {READ_ONLY: True} if self.sqlite else POSTGRES_READING
        self._reading = self.engine.execution_options(**options)
        # SQLite lets waiting writers poll, unfairly (seconds with 30 of them); a line in the process does not, and
        # those who stand in it can share a commit.
        self._grouping = Grouping(self._begun, self._error, BUSY_S * 3) if self.sqlite else None

    @property
    def sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self._url.drivername == "sqlite"

    @property
    def place(self) -> str:
        """Where the store is, for people; without secrets."""
        return place(self._url)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on any error. Raises StoreError.

        On return the changes are on the disk. Never nest two in one thread: on SQLite the inner one would wait for the
        outer one. Keep it short: on SQLite those who wait for the disk, or to write, wait for it.
        """
        try:
            if self._grouping is not None:
                with self._grouping.begin() as session:
                    yield session
                return
            with self._begun() as connection, self._joined(connection) as session:
                yield session
                if session.in_transaction():
                    session.commit()
                connection.commit()
        except (OperationalError, InterfaceError) as error:
            raise self._error(error) from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that can only read, on one state of the store; writing in it fails."""
        with self._outages(), Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            self._connect(session)
            yield session

    def upgrade(self, to: str = "head") -> None:
        """Bring the tables to the newest version; processes starting at once do it one after another."""
        with (
            self._grouping.alone() if self._grouping else nullcontext(),
            self._explained(),
            self.engine.connect() as connection,
            self._no_references(connection),
            connection.begin(),
        ):
            if not self.sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
            self._migrate(connection, to)

    def ready(self) -> None:
        """Return when the store answers and its tables are current; raises StoreError saying what is missing."""
        with self.read() as session:
            now = MigrationContext.configure(session.connection()).get_current_revision()
        if now != version():
            state = "has no tables yet" if now is None else f"has tables of version {now}, not {version()}"
            raise StoreError(f"{self.place} {state}: run `python app.py prepare`.")

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()

    def _begun(self) -> Connection:
        """A connection with a transaction begun."""
        with self._explained():
            connection = self.engine.connect()
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
            return connection

    def _migrate(self, connection: Connection, to: str) -> None:
        config = _alembic()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
        except CommandError:
            raise StoreError(f"{self.place} was made by a newer version of Mitan: update the program.") from None
        if self.sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StoreError(f"{self.place}: rows would point to nothing after the migration; it was taken back.")

    @contextmanager
    def _no_references(self, connection: Connection) -> Iterator[None]:
        """SQLite alters a table by copying and dropping it, which references to it would forbid."""
        if not self.sqlite:
            yield
            return
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")  # works only outside a transaction
        try:
            yield
        finally:
            raw.execute("PRAGMA foreign_keys=ON")

    @staticmethod
    def _joined(connection: Connection) -> Session:
        # Not a session that begins by itself: that takes four times as long as the connection alone.
        session = Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        lay_line(session, connection)
        return session

    def _connect(self, session: Session) -> None:
        with self._explained():
            session.connection()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout:
            raise StoreError(f"{self.place}: all connections are in use; try again.") from None
        except DBAPIError as error:
            raise self._error(error) from None

    @contextmanager
    def _outages(self) -> Iterator[None]:
        """Turns a store lost in the middle into a StoreError; mistakes of ours pass as they are."""
        try:
            yield
        except (OperationalError, InterfaceError) as error:
            raise self._error(error) from error

    def _error(self, what: DBAPIError | str) -> StoreError:
        return StoreError(f"{self.place} {what if isinstance(what, str) else self._remedy(what)}")

    def _remedy(self, error: DBAPIError) -> str:
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        if not self.sqlite:
            return f"cannot be used ({reason}): start the server, or correct DATABASE_URL."
        if isinstance(error, OperationalError) and "locked" in reason:
            return f"is busy: another process has been writing for over {BUSY_S:.0f} s; try again."
        return f"cannot be used ({reason}): check that the file may be written and is not another program's."


@cache
def version() -> str:
    """The version of the tables that this program needs."""
    return str(ScriptDirectory.from_config(_alembic()).get_current_head())


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    config.set_main_option("path_separator", "os")
    return config
