"""The work list of the desk: what agents do when nobody is on the line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_OPEN = text("done_at IS NULL")


class Task(Base):
    """A piece of work. `kind` is callback, missed_call, voice_note (type in the address), address (ask for it by
    phone), low_confidence (confirm a booking made over many misunderstandings), visit_failed (somebody was absent: a
    new time), unreported (ask the executive how the visit went), overdue (the certificate should be ready) or
    closed_day (nobody visits at the booked time any more: a new one).

    `subject` names the row that it came from (`callback:7`), so that it is made once; a third part says which of
    several times (`booking:7:123`, the slot). `number` is whom to call (E.164).
    `owner` is the account that has it in hand (None: nobody yet). `outcome` says how it was done.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index("ix_tasks_open", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    conversation_id: Mapped[str | None]
    number: Mapped[str | None]
    language: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    owner: Mapped[str | None] = mapped_column(String(32))
    taken_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
