"""Areas of a city: wards, or rings of villages, each with its own team and slots."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Area(Base):
    """A part of a city. `kind` is ward or ring; `places` are the names of its wards or villages, `pins` its PIN codes.

    Hours (0-24, local) and seats a slot are its own; None keeps the city's.
    """

    __tablename__ = "areas"

    id: Mapped[str] = mapped_column(primary_key=True)
    city_id: Mapped[str] = mapped_column(ForeignKey("cities.id"), index=True)
    hi: Mapped[str]
    en: Mapped[str]
    kind: Mapped[str] = mapped_column(default="ward")
    places: Mapped[list[str]]
    pins: Mapped[list[str]]
    first_slot_h: Mapped[int | None]
    last_end_h: Mapped[int | None]
    seats: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
