"""Forgetting what is too old: looked for while no writer waits, done in many short transactions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from models.store import Store

BATCH = 200  # rows (of transcripts: conversations) a transaction, so that callers wait for milliseconds only


@dataclass(frozen=True)
class Old:
    """Rows that are too old: a query of their ids, and what is done with some of these, which answers how many rows it
    has touched."""

    ids: Select[Any]
    forget: Callable[[Session, list[Any]], int]


def forget_all(store: Store, old: Old) -> int:
    """Forget all of them; how many rows. May be broken off and run again. What has become new again since they were
    looked for, or was forgotten by another process, is left alone."""
    with store.read() as session:
        found = list(session.scalars(old.ids))
    id, total = old.ids.selected_columns[0], 0
    for at in range(0, len(found), BATCH):
        with store.begin() as session:
            still = list(session.scalars(old.ids.where(id.in_(found[at : at + BATCH]))))
            total += old.forget(session, still)
    return total
