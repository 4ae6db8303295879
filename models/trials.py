"""Trials: drafts as they stood when they were called or checked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Trial(Base):
    """The files (path below `prompts/`: text) and recordings (as an edition has them) of the draft `draft_id` at its
    `version`; never changed afterwards.

    Conversations are played with it from `began_at` to `ended_at` (None: not yet), `done` of `number` by now. `errors`
    and `doubts` are what came of it (`ivr.trials.rehearsal.Fault` as JSON), `broken` is set when it came to no end.
    """

    __tablename__ = "trials"
    # A number that was given once must not come to mean another draft: calls and files are named by it.
    __table_args__ = (UniqueConstraint("draft_id", "version"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int]
    version: Mapped[int]
    made_at: Mapped[datetime]
    files: Mapped[dict[str, Any]]
    recordings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    errors: Mapped[list[Any]] = mapped_column(JSON, default=list)
    doubts: Mapped[list[Any]] = mapped_column(JSON, default=list)
    broken: Mapped[str] = mapped_column(default="")

    @property
    def passed(self) -> bool:
        """Whether every conversation ended as it must."""
        return self.ended_at is not None and not self.errors and not self.broken
