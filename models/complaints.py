"""Complaints and what happened to them, and the levels to which they rise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.notices import Notice
from models.voice_notes import VoiceNote


class Complaint(Base):
    """A complaint about any government service. `kind` is delay, bribe, behaviour, quality or other.

    `confidential` hides the complainant from the office complained about. The service is one of ours (`service_id`) or
    named by the citizen (`department`); `place` likewise beside `city_id`. `text` is what happened in words (typed, or
    the transcript of the note). `level` is where it has risen to and `due_at` when it rises next.
    """

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(9), unique=True)
    replay_key: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    confidential: Mapped[bool] = mapped_column(default=False)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    service_id: Mapped[str | None] = mapped_column(ForeignKey("services.id"))
    department: Mapped[str] = mapped_column(default="")
    city_id: Mapped[str | None] = mapped_column(ForeignKey("cities.id"))
    place: Mapped[str] = mapped_column(default="")
    note_id: Mapped[str | None] = mapped_column(ForeignKey("voice_notes.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(default="")
    mobile: Mapped[str] = mapped_column(String(10), index=True)
    language: Mapped[str] = mapped_column(String(8))
    caller: Mapped[str | None]
    conversation_id: Mapped[str | None] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(default="phone")
    stage: Mapped[str] = mapped_column(default="registered")
    level: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    reopened: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]

    note: Mapped[VoiceNote | None] = relationship()
    events: Mapped[list[ComplaintEvent]] = relationship(order_by="ComplaintEvent.id")
    notices: Mapped[list[Notice]] = relationship(order_by="Notice.id")


class ComplaintEvent(Base):
    """One change of a complaint; `what` is stage, escalated, reminder …; else as `BookingEvent`."""

    __tablename__ = "complaint_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str] = mapped_column(default="stage")
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class EscalationLevel(Base):
    """A level of escalation: a complaint of `kind` ("": any) not answered at `level` within `hours` rises to the next.

    `hours` are of the departments' working days where `working` is True (a working day counts 24 h), else of the clock.
    `hi` and `en` say who answers at this level; `office` is the key under which it is found.
    """

    __tablename__ = "escalation_levels"
    __table_args__ = (UniqueConstraint("kind", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="")
    level: Mapped[int]
    office: Mapped[str]
    hi: Mapped[str]
    en: Mapped[str]
    hours: Mapped[int]
    working: Mapped[bool] = mapped_column(default=True)
