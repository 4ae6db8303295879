"""Notices: messages written in the transaction of their cause, sent later by a job."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Notice(Base):
    """A message to a citizen. `state` is pending, sent or failed; a pending one is tried from `due_at` on.

    `version` tells apart repeated events of one kind (a second "moved"); `carrier_id` is the carrier's message id.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("booking_id", "event", "version"), Index(None, "state", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    event: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    channel: Mapped[str] = mapped_column(default="sms")
    language: Mapped[str]
    recipient: Mapped[str]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    carrier_id: Mapped[str | None]
    error: Mapped[str | None]
