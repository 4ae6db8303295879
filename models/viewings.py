"""Who has a record open on the screen, so that two agents in one booking know of each other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Viewing(Base):
    """A page of `agent` (id of the account) that shows a record, one row for both. `subject` is the record
    (`booking:12345678`), `since` when it was opened, `seen_at` the last sign of life of the page."""

    __tablename__ = "viewings"

    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    agent: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
