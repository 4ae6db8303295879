"""Voice notes: a caller's spoken name and address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class VoiceNote(Base):
    """A recording: 8 kHz mu-law bytes and the seconds of speech in it; or what was typed instead (then no audio)."""

    __tablename__ = "voice_notes"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(index=True)
    # Deferred: lists of bookings show the length and never need the audio (up to 240 kB).
    audio: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    seconds: Mapped[float]
    text: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime]
