"""Callbacks promised to callers whom no agent could take at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Callback(Base):
    """A promise to call `number` back, due at the agents' next hour; `summary` is what the caller already said."""

    __tablename__ = "callbacks"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    reason: Mapped[str]
    language: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(unique=True)
    promised_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    summary: Mapped[dict[str, Any]]
