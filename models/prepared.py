"""Statements whose SQL is made once and then goes to the driver as it is, with plain rows back."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Statement = Select[Any] | Insert | Update
Way = Callable[[Any], Any] | None  # how a value goes to the driver or comes from it; None: as it is


@dataclass(frozen=True)
class _Form:
    """A statement for one kind of store. `puts` are name (None: fixed), way and fixed value of each parameter, `names`
    what the driver calls them (empty: it counts them), `gets` the columns that do not come as they are."""

    sql: str
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
        connection = session.connection()
        form = self._forms.get(connection.dialect.name) or self._form(connection.dialect)
        return [form.read(row) for row in fetched(connection, form.sql, form.bound(values))]

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
            tuple(_put(compiled.binds[name], dialect) for name in names),
            () if compiled.positiontup else tuple(names),
            namedtuple("Row", columns.keys()),
            tuple((n, way) for n, way in ways if way),
        )
        return form


def fetched(connection: Connection, sql: str, parameters: Any) -> list[Any]:
    """What the driver answers; raises SQLAlchemy's DBAPIError for its errors."""
    try:
        cursor = connection.connection.cursor()
        cursor.execute(sql, parameters)
        return list(cursor.fetchall()) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise _explained(connection, error, sql) from error


@contextmanager
def pipelined(session: Session) -> Iterator[None]:
    """Statements meanwhile are sent to PostgreSQL without waiting for their answers, which must not be asked for. An
    error comes at the end."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _explained(connection, error) from error


def _explained(connection: Connection, error: Exception, sql: str = "") -> BaseException:
    dialect = connection.dialect
    return DBAPIError.instance(sql, (), error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)


def _put(bind: BindParameter[Any], dialect: Dialect) -> tuple[str | None, Way, Any]:
    way = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return bind.key, way, None
    return None, None, way(bind.value) if way else bind.value
