"""Restoring a backup: all of it in one transaction, compared with what was written, or nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, Table, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.backup import Manifest, digest, opened, rows
from models.errors import StoreError
from models.rows import BATCH
from models.store import Store
from models.tables import metadata


def restore(store: Store, file: Path, *, replace: bool = False) -> Manifest:
    """Put the backup `file` into `store`, which is migrated first; raises StoreError, and then nothing has changed.

    A store that has rows is refused unless `replace`: then they are deleted. No server may be using the store.
    """
    with opened(file) as (archive, manifest):
        store.upgrade()
        try:
            with store.begin() as session:
                _empty(session, store, replace=replace)
                for table in metadata.sorted_tables:
                    _fill(session, archive, table)
                _compare(session, manifest)
                _count_on(session)
        except DBAPIError as error:
            raise StoreError(f"{file} does not fit into {store.place} ({error.orig}): nothing was changed.") from None
    return manifest


def occupied(store: Store) -> dict[str, int]:
    """The number of rows of each table that has any; {} for a store that is not there yet."""
    store.upgrade()
    with store.read() as session:
        return _counts(session)


def _counts(session: Session) -> dict[str, int]:
    counts = {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in metadata.sorted_tables}
    return {name: number for name, number in counts.items() if number}


def _empty(session: Session, store: Store, *, replace: bool) -> None:
    there = _counts(session)
    if there and not replace:
        raise StoreError(f"{store.place} is not empty ({sum(there.values())} rows): name another, or use --replace.")
    with _unguarded(session):
        for table in reversed(metadata.sorted_tables):
            session.execute(table.delete())


@contextmanager
def _unguarded(session: Session) -> Iterator[None]:
    """Without the triggers that let the audit trail only grow: a store that is replaced is replaced whole."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        yield
        session.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
        return
    guards = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in guards:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in guards:
        session.connection().exec_driver_sql(sql)


def _fill(session: Session, archive: zipfile.ZipFile, table: Table) -> None:
    given = rows(archive, table)
    while batch := _batch(given):
        session.execute(table.insert(), batch)


def _batch(given: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(given, BATCH))


def _compare(session: Session, manifest: Manifest) -> None:
    for table in metadata.sorted_tables:
        if digest(session, table) != manifest.tables[table.name]:
            raise StoreError(f"{table.name} came out of the store otherwise than it went in: nothing was changed.")


def _count_on(session: Session) -> None:
    """PostgreSQL counts ids beside the tables: go on after the last one (SQLite looks at the table itself)."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        if key is not None and isinstance(key.type, Integer):
            counter = f"pg_get_serial_sequence('{table.name}', '{key.name}')"
            session.execute(text(f"SELECT setval({counter}, max({key.name})) FROM {table.name}"))
