"""Bookings and what happened to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.catalogue import CityRow, ServiceRow
from models.notices import Notice
from models.slots import Slot
from models.voice_notes import VoiceNote


class Booking(Base):
    """A booked home visit.

    `fee` is the department's fee at booking (rupees, None: not known), `visit_fee` the doorstep fee.
    `replay_key` names what the conversation booked (service and slot), so that a replayed call books once.
    `conversation_id` has no foreign key: conversations are deleted by age, bookings are kept.
    """

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    replay_key: Mapped[str | None] = mapped_column(unique=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"))
    city_id: Mapped[str] = mapped_column(ForeignKey("cities.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    mobile: Mapped[str] = mapped_column(String(10), index=True)
    pin: Mapped[str] = mapped_column(String(6))
    note_id: Mapped[str | None] = mapped_column(ForeignKey("voice_notes.id", ondelete="SET NULL"))
    language: Mapped[str] = mapped_column(String(8))
    caller: Mapped[str | None]
    conversation_id: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str] = mapped_column(default="booked")
    fee: Mapped[int | None]
    visit_fee: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)

    service: Mapped[ServiceRow] = relationship(lazy="joined", innerjoin=True)
    city: Mapped[CityRow] = relationship(lazy="joined", innerjoin=True)
    slot: Mapped[Slot] = relationship(lazy="joined", innerjoin=True)
    note: Mapped[VoiceNote | None] = relationship()
    events: Mapped[list[BookingEvent]] = relationship(order_by="BookingEvent.id")
    notices: Mapped[list[Notice]] = relationship(order_by="Notice.id")

    @property
    def starts_at(self) -> datetime:
        """Start of the visit, aware UTC."""
        return self.slot.starts_at


class BookingEvent(Base):
    """One change of a booking's stage: who, when, from, to, why."""

    __tablename__ = "booking_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
