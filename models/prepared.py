"""Statements whose SQL is made once and then goes to the driver as it is, with plain rows back."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

Statement = Select[Any] | Insert | Update
Way = Callable[[Any], Any] | None  # how a value goes to the driver or comes from it; None: as it is


@dataclass(frozen=True)
class _Form:
    """A statement for one kind of store; `answers`: with rows. `puts` are name (None: fixed), way and fixed value of
    each parameter, `names` what the driver calls them (empty: it counts them), `gets` the columns that do not come as
    they are."""

    sql: str
    answers: bool
    puts: tuple[tuple[str | None, Way, Any], ...]
    names: tuple[str, ...]
    row: Callable[..., Any]
    gets: tuple[tuple[int, Callable[[Any], Any]], ...]

    def bound(self, values: dict[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        put = [fixed if name is None else way(values[name]) if way else values[name] for name, way, fixed in self.puts]
        return dict(zip(self.names, put, strict=True)) if self.names else tuple(put)

    def read(self, raw: Sequence[Any]) -> Any:
        """A row by names."""
        if self.gets:
            raw = list(raw)
            for n, way in self.gets:
                raw[n] = way(raw[n])
        return self.row(*raw)


class Prepared:
    """A statement with named parameters (`bindparam`), or a function that makes it for "postgresql" or "sqlite".

    For what is done at every booking: SQLAlchemy's own way to the driver takes about 30 µs of CPU a statement, more
    than PostgreSQL takes to answer most of them. `columns` are those that an INSERT sets; one with a default must be
    among them. Lists in `IN` are not supported. Nothing is flushed before; errors are SQLAlchemy's.
    """

    def __init__(self, statement: Statement | Callable[[str], Statement], *columns: str) -> None:
        self._statement, self._columns = statement, columns
        self._forms: dict[str, _Form] = {}

    def all(self, session: Session, values: dict[str, Any]) -> list[Any]:
        """The rows, by names."""
        line = _line(session)
        dialect = line.connection.dialect
        form = self._forms.get(dialect.name) or self._form(dialect)
        return line.fetched(form.sql, form.bound(values), form.answers and form.read)

    def first(self, session: Session, values: dict[str, Any]) -> Any:
        """The first row, None when there is none."""
        rows = self.all(session, values)
        return rows[0] if rows else None

    def _form(self, dialect: Dialect) -> _Form:
        statement = self._statement(dialect.name) if callable(self._statement) else self._statement
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(self._columns) or None)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise ValueError(f"columns with a default must be given: {compiled}")
        names = compiled.positiontup or list(compiled.bind_names.values())
        columns: Any = statement.exported_columns
        ways = enumerate(c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns)
        form = self._forms[dialect.name] = _Form(
            compiled.string,
            bool(len(columns)),
            tuple(_put(compiled.binds[name], dialect) for name in names),
            () if compiled.positiontup else tuple(names),
            namedtuple("Row", columns.keys()),
            tuple((n, way) for n, way in ways if way),
        )
        return form


@contextmanager
def pipelined(session: Session) -> Iterator[None]:
    """Statements meanwhile are sent to PostgreSQL without waiting for their answers, which must not be asked for. An
    error comes at the end."""
    line = _line(session)
    if not line.postgres:
        yield
        return
    try:
        with line.driver.pipeline():
            yield
    except line.connection.dialect.loaded_dbapi.Error as error:
        raise line.explained(error) from error


@dataclass(frozen=True)
class Line:
    """The driver in a session's transaction (None: as long as the session lives)."""

    transaction: SessionTransaction | None
    connection: Connection
    driver: Any
    cursor: Any
    postgres: bool

    def fetched(self, sql: str, parameters: Any, read: Callable[[Any], Any] | Literal[False]) -> list[Any]:
        """The rows as `read` takes them (False: there are none); raises SQLAlchemy's DBAPIError for the driver's."""
        try:
            self.cursor.execute(sql, parameters)
            return [read(row) for row in self.cursor.fetchall()] if read else []
        except self.connection.dialect.loaded_dbapi.Error as error:
            raise self.explained(error, sql) from error

    def explained(self, error: Exception, sql: str = "") -> BaseException:
        """The driver's error as SQLAlchemy's."""
        dialect = self.connection.dialect
        return DBAPIError.instance(sql, (), error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)


def lay_line(session: Session, connection: Connection) -> None:
    """Let the statements of `session`, which lives as long as the transaction of `connection`, go there directly:
    asking SQLAlchemy for a session's connection takes as long as a small statement."""
    session.info[Line] = _laid(connection, None)


def _line(session: Session) -> Line:
    known: Line | None = session.info.get(Line)
    if known is not None and (known.transaction is None or known.transaction is session.get_transaction()):
        return known
    connection = session.connection()
    made = session.info[Line] = _laid(connection, session.get_transaction())
    return made


def _laid(connection: Connection, transaction: SessionTransaction | None) -> Line:
    driver: Any = connection.connection.driver_connection
    return Line(transaction, connection, driver, driver.cursor(), connection.dialect.name == "postgresql")


def _put(bind: BindParameter[Any], dialect: Dialect) -> tuple[str | None, Way, Any]:
    way = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return bind.key, way, None
    return None, None, way(bind.value) if way else bind.value
