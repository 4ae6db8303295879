"""Executives, who visit, and their appointments."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_PLANNED = text("state = 'planned'")


class Executive(Base):
    """A field worker of a city, or of one of its areas ("": of all). `id` is the number on the identity card.

    `weekdays` are the working days, 0 Monday … 6 Sunday; `capacity` is visits a day. `since`/`until` are inclusive.
    """

    __tablename__ = "executives"

    id: Mapped[str] = mapped_column(primary_key=True)
    hi: Mapped[str]
    en: Mapped[str]
    mobile: Mapped[str] = mapped_column(String(10))
    city_id: Mapped[str] = mapped_column(ForeignKey("cities.id"), index=True)
    area: Mapped[str] = mapped_column(default="", server_default="")
    weekdays: Mapped[list[int]]
    capacity: Mapped[int]
    since: Mapped[date | None]
    until: Mapped[date | None]


class Absence(Base):
    """A day on which an executive does not work."""

    __tablename__ = "absences"
    __table_args__ = (UniqueConstraint("executive_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    executive_id: Mapped[str] = mapped_column(ForeignKey("executives.id"))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")


class Visit(Base):
    """An appointment of an executive at a booking. `state` is planned, done, citizen_absent, executive_absent or
    dropped (moved, cancelled, given to another); `purpose` is documents, second (what was missing) or delivery.

    One planned visit a booking, and an executive is at one place at a time: the partial unique indexes say so.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index(
            "uq_visits_planned_executive",
            "executive_id",
            "starts_at",
            unique=True,
            sqlite_where=_PLANNED,
            postgresql_where=_PLANNED,
        ),
        Index("uq_visits_planned_booking", "booking_id", unique=True, sqlite_where=_PLANNED, postgresql_where=_PLANNED),
        Index(None, "executive_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    executive_id: Mapped[str] = mapped_column(ForeignKey("executives.id"))
    starts_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="planned")
    purpose: Mapped[str] = mapped_column(default="documents")
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
