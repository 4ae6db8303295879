"""Editions: what the helpline says and listens for, as it was published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Edition(Base):
    """The files of `prompts/` (path below it: text) at a publication; never changed afterwards. Edition 0 has no row:
    it is the files that the product came with.

    It counts for calls that begin from `from_at` on, until the next one does. `copy_of` is the edition that was gone
    back to, None for a new one. `author` is the login of who published it, `note` what for. `recordings` are played in
    place of prompts ("hi/help.ask": digest and the text that was recorded).

    Before its time it can be withdrawn: taken back, or carried to another edition (`carried_to`) that has also what was
    published meanwhile. It never counts then.
    """

    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    from_at: Mapped[datetime] = mapped_column(index=True)
    author: Mapped[str]
    note: Mapped[str]
    copy_of: Mapped[int | None]
    files: Mapped[dict[str, Any]]
    recordings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    carried_to: Mapped[int | None]
