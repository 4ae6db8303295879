"""What was done about sentences of callers that were not understood."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class HandledMiss(Base):
    """A sentence that somebody has dealt with. `node` is the question, `sentence` the hash of its words: nothing that a
    caller said is kept here. `state` is "assigned" (to `target`, the key of a list of phrases, in the draft `draft_id`)
    or "ignored". `handled_by` is a login.
    """

    __tablename__ = "misses_handled"
    # An id is never used again: who saw a row that is gone by now must not remove the one that came after it.
    __table_args__ = (UniqueConstraint("node", "sentence"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    node: Mapped[str]
    sentence: Mapped[str] = mapped_column(String(64))
    state: Mapped[str]
    target: Mapped[str] = mapped_column(default="")
    draft_id: Mapped[int | None]
    handled_at: Mapped[datetime]
    handled_by: Mapped[str]
