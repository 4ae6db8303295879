"""Doing something at the desk again when another process was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from booking.errors import Conflict
from models.store import Store

TRIES = 10

Result = TypeVar("Result")


def in_turn(store: Store, deed: Callable[[Session], Result]) -> Result:
    """`deed` in a transaction of its own; on a Conflict it reads everything anew and decides again. Raises what `deed`
    raises, and Conflict when it never gets through."""
    for _ in range(TRIES - 1):
        try:
            with store.begin() as session:
                return deed(session)
        except Conflict:
            continue
    with store.begin() as session:
        return deed(session)
