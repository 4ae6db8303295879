"""Slots and the seats in them. The unique (slot, seat) is what keeps a seat from being sold twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Slot(Base):
    """A start time in a city. `seats` is set where an administrator gave this slot another number than the rules.

    `area` is the id of one of the city's areas, each with its own team and slots; "" in a city without areas.
    """

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("city_id", "area", "starts_at"),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[str] = mapped_column(ForeignKey("cities.id"))
    area: Mapped[str] = mapped_column(default="", server_default="")
    starts_at: Mapped[datetime]
    seats: Mapped[int | None]


class SeatClaim(Base):
    """A seat (1…seats) that is not free: held by a conversation until `expires_at`, or taken by a booking."""

    __tablename__ = "seat_claims"
    __table_args__ = (
        UniqueConstraint("slot_id", "seat"),
        CheckConstraint(
            "(booking_id IS NULL) <> (conversation_id IS NULL) AND (conversation_id IS NULL) = (expires_at IS NULL)",
            name="held_or_booked",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    seat: Mapped[int]
    # Unique: a conversation holds one seat at a time. No foreign key: a hold ends in minutes by itself.
    conversation_id: Mapped[str | None] = mapped_column(unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), unique=True)
