"""Supervisors who listen in on a call between a caller and an agent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_OPEN = text("ended_at IS NULL")


class Listener(Base):
    """A supervisor's (`supervisor`: id of the account) part in a call: listen, whisper (to the agent) or join.

    `leg` is the carrier's call to the supervisor's telephone ("": not rung yet). One supervisor is in a call once: the
    partial unique index says so.
    """

    __tablename__ = "listeners"
    __table_args__ = (
        Index("uq_listeners_open", "handoff_id", "supervisor", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoffs.id"), index=True)
    supervisor: Mapped[str] = mapped_column(String(32))
    part: Mapped[str]
    leg: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
