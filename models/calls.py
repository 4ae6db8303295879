"""Calls: the telephone part of a conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_NUMBERED = text("from_number IS NOT NULL")


class Call(Base):
    """A call as the carrier reports it; `duration` in seconds. `from_number` is forgotten with time."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_numbered", "started_at", sqlite_where=_NUMBERED, postgresql_where=_NUMBERED),)

    sid: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(index=True)
    from_number: Mapped[str | None]
    to_number: Mapped[str | None]
    status: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    duration: Mapped[int | None]
