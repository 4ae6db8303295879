"""Recordings of prompts by a human voice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

CLIPS = 0.0005  # of all samples


class Recording(Base):
    """Audio as callers hear it, 8 kHz mu-law, under its SHA-256; never changed and never removed, because editions name
    it.

    Levels are of the voiced parts in dBFS, of the file and of what was made of it; `clipped` is the share (0 to 1) of
    the file's samples at full scale. `name` is that of the file, `made_by` a login.
    """

    __tablename__ = "recordings"

    digest: Mapped[str] = mapped_column(primary_key=True)
    # Deferred: pages show what is known of a recording and rarely need its audio (up to 1 MB).
    ulaw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    ms: Mapped[int]
    before_dbfs: Mapped[float]
    after_dbfs: Mapped[float]
    clipped: Mapped[float]
    name: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]

    @property
    def clips(self) -> bool:
        """Whether so much of it is clipped that people hear it."""
        return self.clipped >= CLIPS
