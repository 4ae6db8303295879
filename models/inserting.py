"""Inserting a row unless another stands in its way, on both stores."""

from __future__ import annotations

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from models.base import Base, table
from models.prepared import Prepared


def insert_new(of: type[Base], *columns: str, unique: str | None = None) -> Prepared:
    """Inserts `columns` and gives the row's id; nothing when another has the same value in `unique` (None: in any
    column that must be unique)."""

    def statement(dialect: str) -> Insert:
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        one = insert(table(of)).on_conflict_do_nothing(index_elements=[unique] if unique else None)
        return one.returning(table(of).c.id)

    return Prepared(statement, *columns)
