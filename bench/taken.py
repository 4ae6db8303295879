"""When agents were taken by a caller and when they were ready for the next, as the store of a bench writes it down.

Nothing in the product keeps every change of an agent's presence. A trigger does; what is measured is not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import column, select, table, text
from sqlalchemy.orm import Session

from models.presence import Presence
from models.store import Store

CHANGES = table("bench_changes", *(column(n, Presence.__table__.c[n].type) for n in ("agent", "state", "since")))
WATCH = (
    "CREATE TABLE bench_changes (agent TEXT, state TEXT, since TEXT)",
    "CREATE TRIGGER bench_changed AFTER UPDATE OF state ON presences BEGIN"
    " INSERT INTO bench_changes VALUES (NEW.agent, NEW.state, NEW.since); END",
)


@dataclass(frozen=True)
class Taken:
    """An agent was offered a caller at `since`, and ready for another at `ready`; None: never again."""

    agent: str
    since: datetime
    ready: datetime | None


def watch(store: Store) -> None:
    """Have the store, an SQLite one of the bench's own, write down every change of an agent's state from now on."""
    with store.begin() as session:
        for statement in WATCH:
            session.execute(text(statement))


def taken(session: Session) -> Sequence[Taken]:
    """Each time that an agent was taken, in order, from a store that was watched."""
    found: list[Taken] = []
    ready: dict[str, datetime] = {}
    for agent, state, since in reversed(session.execute(select(CHANGES).order_by(text("rowid"))).all()):
        if state == "ready":
            ready[agent] = since
        elif state == "offered":
            found.append(Taken(agent, since, ready.get(agent)))
    return found[::-1]
