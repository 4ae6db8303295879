"""Callers: what is remembered of a telephone number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Caller(Base):
    """A caller's number (E.164) with the language used last; forgotten with time."""

    __tablename__ = "callers"

    number: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str | None]
    last_seen: Mapped[datetime] = mapped_column(index=True)
