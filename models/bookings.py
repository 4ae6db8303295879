"""Bookings and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.catalogue import CityRow, ServiceRow
from models.executives import Executive, Visit
from models.notices import Notice
from models.slots import Slot
from models.voice_notes import VoiceNote


class Booking(Base):
    """A booked home visit.

    `fee` is the department's fee at booking (rupees, None: not known), `visit_fee` the doorstep fee.
    `replay_key` names what the conversation booked (service and slot, and a number from the second time on), so that a
    replayed call books once.
    `conversation_id` has no foreign key: conversations are deleted by age, bookings are kept.
    `version` counts the changes (compare-and-set). `executive_id` is who comes, or came last; the appointments
    themselves are `visits`. `due_on` is the local day by which the certificate must be ready, known once submitted.
    `reason` is why the booking was cancelled or rejected; `missing` names the documents that are still needed. `name`
    and `address` are typed in by an agent from the voice note.
    """

    __tablename__ = "bookings"
    # Those of a mobile, newest first, without looking through all bookings in the order of their making; and those at
    # a stage, which are few where something is left to do.
    __table_args__ = (Index(None, "mobile", "created_at"), Index(None, "stage", "updated_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    replay_key: Mapped[str | None] = mapped_column(unique=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"))
    city_id: Mapped[str] = mapped_column(ForeignKey("cities.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    mobile: Mapped[str] = mapped_column(String(10))
    pin: Mapped[str] = mapped_column(String(6))
    note_id: Mapped[str | None] = mapped_column(ForeignKey("voice_notes.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    caller: Mapped[str | None]
    conversation_id: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str] = mapped_column(default="booked")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    channel: Mapped[str] = mapped_column(default="phone", server_default="phone")
    executive_id: Mapped[str | None] = mapped_column(ForeignKey("executives.id"), index=True)
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    missing: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    name: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str] = mapped_column(default="", server_default="")
    fee: Mapped[int | None]
    visit_fee: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]

    service: Mapped[ServiceRow] = relationship(lazy="joined", innerjoin=True)
    city: Mapped[CityRow] = relationship(lazy="joined", innerjoin=True)
    slot: Mapped[Slot] = relationship(lazy="joined", innerjoin=True)
    note: Mapped[VoiceNote | None] = relationship()
    executive: Mapped[Executive | None] = relationship()
    visits: Mapped[list[Visit]] = relationship(order_by="Visit.id")
    events: Mapped[list[BookingEvent]] = relationship(order_by="BookingEvent.id")
    notices: Mapped[list[Notice]] = relationship(order_by="Notice.id")

    @property
    def starts_at(self) -> datetime:
        """Start of the visit, aware UTC."""
        return self.slot.starts_at


class BookingEvent(Base):
    """One change of a booking: who, when, from, to, why.

    `what` is stage, moved, assigned, reassigned, no_show …; a change that is none of the stage has equal stages.
    `who` is `caller`, `job`, `agent:ID`, `executive:ID`, `api:TOKEN` …; `data` is plain JSON without personal data.
    """

    __tablename__ = "booking_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    what: Mapped[str] = mapped_column(default="stage", server_default="stage")
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
