"""Making a task for the work list, once for each cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, exists, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.tasks import Task


@dataclass(frozen=True)
class New:
    """A task to be made."""

    kind: str
    subject: str
    due: datetime
    number: str | None
    language: str
    conversation: str | None


def ensure(session: Session, now: datetime, new: New) -> bool:
    """Make a task unless there is, or was, one of this kind for this subject."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Task).values(
        kind=new.kind,
        subject=new.subject,
        conversation_id=new.conversation,
        number=new.number,
        language=new.language,
        made_at=now,
        due_at=new.due,
        done_by="",
        outcome="",
        note="",
        tries=0,
        version=1,
        updated_at=now,
    )
    return session.scalar(row.on_conflict_do_nothing(index_elements=["kind", "subject"]).returning(Task.id)) is not None


def without(kind: str, thing: str, id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """That there is no task of this kind for the row yet."""
    return ~exists().where(Task.kind == kind, Task.subject == literal(thing) + cast(id, String))
