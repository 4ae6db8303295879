"""Feedback after delivery."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.voice_notes import VoiceNote


class Feedback(Base):
    """A citizen's rating of a delivered booking, 1 (bad) to 5 (very good), with what was said about it; one a
    booking."""

    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("rating BETWEEN 1 AND 5", name="one_to_five"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), unique=True)
    rating: Mapped[int]
    note_id: Mapped[str | None] = mapped_column(ForeignKey("voice_notes.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="phone")
    at: Mapped[datetime]

    note: Mapped[VoiceNote | None] = relationship()
