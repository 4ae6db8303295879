"""Rows as lines of JSON and back, the same for both kinds of store."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, LargeBinary, String, Table, collate, select
from sqlalchemy.orm import Session

from models.base import UtcTime

BATCH = 1000

_OUT: dict[type, Callable[[Any], Any]] = {
    UtcTime: datetime.isoformat,
    Date: date.isoformat,
    LargeBinary: lambda value: b64encode(value).decode("ascii"),
}
_IN: dict[type, Callable[[Any], Any]] = {
    UtcTime: datetime.fromisoformat,
    Date: date.fromisoformat,
    LargeBinary: lambda value: b64decode(value, validate=True),
}


def lines(session: Session, table: Table) -> Iterator[bytes]:
    """All rows of `table` in the order of its key, one line of JSON each, without reading them all at once."""
    put = [(c.name, _way(_OUT, c)) for c in table.columns]
    # PostgreSQL sorts words as its locale does, SQLite as bytes.
    bytewise = session.get_bind().dialect.name == "postgresql"
    key = [collate(c, "C") if bytewise and isinstance(c.type, String) else c for c in table.primary_key]
    rows = select(*table.columns).order_by(*key).execution_options(yield_per=BATCH)
    for row in session.execute(rows):
        values = {name: value if value is None else way(value) for (name, way), value in zip(put, row, strict=True)}
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def values(table: Table, line: bytes) -> dict[str, Any]:
    """The row of `line`, by column; raises ValueError when it does not fit the table."""
    given = json.loads(line)
    if not isinstance(given, dict) or set(given) != {c.name for c in table.columns}:
        raise ValueError(f"a row of {table.name} has other columns")
    return {c.key: None if given[c.name] is None else _way(_IN, c)(given[c.name]) for c in table.columns}


def _way(ways: dict[type, Callable[[Any], Any]], column: Column[Any]) -> Callable[[Any], Any]:
    return next((way for kind, way in ways.items() if isinstance(column.type, kind)), lambda value: value)
