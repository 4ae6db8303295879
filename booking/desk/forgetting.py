"""What the desk forgets with time; `booking.retention` says when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from booking.forgetting import Old
from models.queue import Handoff, HandoffEvent
from models.store import Store
from models.tasks import Task
from models.unsent import Unsent


def handoffs(before: datetime) -> Old:
    """The callers and all words of handoffs that ended before; the rows stay, for the figures."""
    words = or_(Handoff.caller.is_not(None), Handoff.note != "", cast(Handoff.summary, String) != "{}")

    def forget(session: Session, ids: list[Any]) -> int:
        session.execute(delete(HandoffEvent).where(HandoffEvent.handoff_id.in_(ids)))
        session.execute(update(Handoff).where(Handoff.id.in_(ids)).values(caller=None, note="", summary={}))
        return len(ids)

    return Old(select(Handoff.id).where(Handoff.ended_at < before, words), forget)


def tasks(before: datetime) -> Old:
    """Tasks that were done before."""

    def forget(session: Session, ids: list[Any]) -> int:
        session.execute(delete(Task).where(Task.id.in_(ids)))
        return len(ids)

    return Old(select(Task.id).where(Task.done_at < before), forget)


def delete_unsent(store: Store, before: datetime) -> int:
    """Delete what was typed into forms before and never sent: those of a day, found by an index."""
    old = delete(Unsent).where(Unsent.updated_at < before).returning(Unsent.form)
    with store.begin() as session:
        return len(session.scalars(old.execution_options(synchronize_session=False)).all())
