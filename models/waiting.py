"""The waiting list: citizens for whom there was no free slot."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.catalogue import CityRow, ServiceRow
from models.notices import Notice
from models.slots import Slot


class Waiting(Base):
    """A place in the line for a seat in a city, in the order of ids.

    The wish is local days `first_day`…`last_day` and a part of day (None: any). `state` is waiting, offered (the seat
    of `slot_id` is held until `offer_until`), taken (booked), lapsed (not wanted in time: back to nobody) or left; of
    one that waits, `slot_id` is what was declined. The held seat's conversation is `waiting-ID`.
    """

    __tablename__ = "waiting"
    __table_args__ = (Index(None, "state", "city_id", "area"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    replay_key: Mapped[str | None] = mapped_column(unique=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"))
    city_id: Mapped[str] = mapped_column(ForeignKey("cities.id"))
    area: Mapped[str] = mapped_column(default="")
    first_day: Mapped[date]
    last_day: Mapped[date]
    daypart: Mapped[str | None]
    mobile: Mapped[str] = mapped_column(String(10), index=True)
    pin: Mapped[str] = mapped_column(String(6), default="")
    note_id: Mapped[str | None] = mapped_column(ForeignKey("voice_notes.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    caller: Mapped[str | None]
    conversation_id: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="waiting")
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id"))
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]
    offers: Mapped[int] = mapped_column(default=0)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    service: Mapped[ServiceRow] = relationship(lazy="joined", innerjoin=True)
    city: Mapped[CityRow] = relationship(lazy="joined", innerjoin=True)
    slot: Mapped[Slot | None] = relationship(lazy="joined")
    notices: Mapped[list[Notice]] = relationship(order_by="Notice.id")
