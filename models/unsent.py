"""What agents have typed into forms and not sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Unsent(Base):
    """A form that `agent` (id of the account) is filling in. `subject` is what about (`handoff:7`, `talk:c1`), `form`
    its name, `fields` what stands in it by name ({}: nothing, or it was sent). `version` counts the changes
    (compare-and-set); the row stays after sending, so that a version never comes to mean two texts."""

    __tablename__ = "unsent_forms"

    agent: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    form: Mapped[str] = mapped_column(String(20), primary_key=True)
    fields: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(index=True)
