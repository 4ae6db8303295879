"""Appeals for a service that was refused or is late, and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.notices import Notice
from models.voice_notes import VoiceNote


class Appeal(Base):
    """A first (`level` 1) or second (2) appeal about a booking or a complaint. `ground` is late or refused; a second
    appeal names the first in `earlier_id`.

    `decide_by` is the local day by which it must be decided; `outcome` is allowed or dismissed, `order` its text.
    """

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(9), unique=True)
    replay_key: Mapped[str | None] = mapped_column(unique=True)
    level: Mapped[int]
    ground: Mapped[str]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("appeals.id"), unique=True)
    note_id: Mapped[str | None] = mapped_column(ForeignKey("voice_notes.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(default="")
    mobile: Mapped[str] = mapped_column(String(10), index=True)
    language: Mapped[str] = mapped_column(String(8))
    caller: Mapped[str | None]
    conversation_id: Mapped[str | None] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(default="phone")
    stage: Mapped[str] = mapped_column(default="registered")
    decide_by: Mapped[date]
    outcome: Mapped[str] = mapped_column(default="")
    order: Mapped[str] = mapped_column("order_text", default="")
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]

    note: Mapped[VoiceNote | None] = relationship()
    events: Mapped[list[AppealEvent]] = relationship(order_by="AppealEvent.id")
    notices: Mapped[list[Notice]] = relationship(order_by="Notice.id")


class AppealEvent(Base):
    """One change of an appeal; as `BookingEvent`."""

    __tablename__ = "appeal_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str] = mapped_column(default="stage")
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
