"""When a city is served: hours that differ from the general rule, and closed days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class CityHours(Base):
    """A city's own hours (0-24, local) and seats a slot; None keeps the general rule."""

    __tablename__ = "city_hours"

    city_id: Mapped[str] = mapped_column(ForeignKey("cities.id"), primary_key=True)
    first_slot_h: Mapped[int | None]
    last_end_h: Mapped[int | None]
    seats: Mapped[int | None]


class Closure(Base):
    """A closed day: one `day` or every year on `yearly` (MM-DD); everywhere or in one city.

    `calendar` is "visits" or "departments" (a day on which offices do not work). `lifted` True reopens the day without
    deleting the row, so that seeding again does not close it again.
    """

    __tablename__ = "closures"
    __table_args__ = (CheckConstraint("(day IS NULL) <> (yearly IS NULL)", name="day_or_yearly"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    day: Mapped[date | None]
    yearly: Mapped[str | None] = mapped_column(String(5))
    city_id: Mapped[str | None] = mapped_column(ForeignKey("cities.id"))
    calendar: Mapped[str] = mapped_column(default="visits", server_default="visits")
    reason: Mapped[str] = mapped_column(default="")
    lifted: Mapped[bool] = mapped_column(default=False)
