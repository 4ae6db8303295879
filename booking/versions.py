"""Changes of one record: only to the version that was read (compare-and-set), one after the other (lock)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.errors import Conflict
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint
from models.waiting import Waiting


def advance(
    session: Session,
    now: datetime,
    row: Complaint | Appeal | Waiting,
    expected_version: int | None = None,
    **values: object,
) -> None:
    """Set `values` of `row` (of this session) if it still has the expected version (default: the one it was read
    with), and read it again; raises Conflict."""
    table = type(row)
    version = row.version if expected_version is None else expected_version
    change = (
        update(table)
        .where(table.id == row.id, table.version == version)
        .values(**values, version=version + 1, updated_at=now)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(change) is None:
        raise Conflict(f"{table.__tablename__} {row.id}, version {version}")
    session.refresh(row)


def lock(session: Session, row: Booking | Complaint | Appeal) -> None:
    """Let changes of one record wait for one another, and read it anew (PostgreSQL; SQLite has one writer: what its
    transaction has read nobody else changes)."""
    if session.get_bind().dialect.name == "sqlite":
        return
    table = type(row)
    session.execute(select(table.id).where(table.id == row.id).with_for_update(key_share=True))
    session.refresh(row)
