"""What the desk forgets with time, a batch a call; `booking.retention` says when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from models.queue import Handoff, HandoffEvent
from models.tasks import Task
from models.unsent import Unsent


def clear_handoffs(session: Session, before: datetime, most: int) -> int:
    """Take the caller and all words out of handoffs that ended before; the rows stay, for the figures."""
    words = or_(Handoff.caller.is_not(None), Handoff.note != "", cast(Handoff.summary, String) != "{}")
    ids = list(session.scalars(select(Handoff.id).where(Handoff.ended_at < before, words).limit(most)))
    session.execute(delete(HandoffEvent).where(HandoffEvent.handoff_id.in_(ids)))
    session.execute(update(Handoff).where(Handoff.id.in_(ids)).values(caller=None, note="", summary={}))
    return len(ids)


def delete_tasks(session: Session, before: datetime, most: int) -> int:
    """Delete tasks that were done before."""
    ids = list(session.scalars(select(Task.id).where(Task.done_at < before).limit(most)))
    session.execute(delete(Task).where(Task.id.in_(ids)))
    return len(ids)


def delete_unsent(session: Session, before: datetime) -> int:
    """Delete what was typed into forms before and never sent."""
    old = delete(Unsent).where(Unsent.updated_at < before).returning(Unsent.form)
    return len(session.scalars(old.execution_options(synchronize_session=False)).all())
