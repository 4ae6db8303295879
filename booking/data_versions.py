"""Counters of changes, by which processes notice what others have changed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.data_versions import DataVersion


def count_up(session: Session, name: str) -> int:
    """Count a change; the new number. Others who change the same wait from here on until this transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(DataVersion).values(name=name, version=1)
    one_more = {"version": DataVersion.version + 1}
    counted = row.on_conflict_do_update(index_elements=["name"], set_=one_more).returning(DataVersion.version)
    return session.execute(counted).scalar_one()


def counted(session: Session, name: str) -> int:
    """How often `name` has been changed."""
    return session.scalar(select(DataVersion.version).where(DataVersion.name == name)) or 0
