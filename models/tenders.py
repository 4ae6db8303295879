"""The processes that look after the line of waiting callers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Tender(Base):
    """One process, and when it last said that it is alive. Whoever ends asks whether others go on."""

    __tablename__ = "tenders"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
