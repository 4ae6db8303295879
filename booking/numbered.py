"""Adding a record under a random number, once however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.appeals import Appeal
from models.complaints import Complaint

TRIES = 20  # of ten million numbers; the table would have to be nearly full to need them

Record = TypeVar("Record", Complaint, Appeal)


def known(session: Session, table: type[Record], replay_key: str | None) -> Record | None:
    """The record that was made under `replay_key`."""
    if replay_key is None:
        return None
    return session.scalars(select(table).where(table.replay_key == replay_key)).one_or_none()


def insert(session: Session, row: Record, draw: Callable[[], str]) -> Record:
    """`row` in the store under a number of its own; or the one that another process made for the same replay key."""
    for left in range(TRIES, -1, -1):
        row.number = draw()
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            other = known(session, type(row), row.replay_key)
            if other is not None:
                return other
            if left == 0:
                raise
            continue
        return row
    raise AssertionError("unreachable")
