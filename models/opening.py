"""When a city is served: hours that differ from the general rule, closed days, and bookings that must make way."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
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


class DayRule(Base):
    """Hours (0-24, local) and seats a slot that hold on a `weekday` (0 Monday … 6 Sunday) of every week, or on one
    `day`; None keeps what holds otherwise, and equal hours mean that nobody visits.

    In the city `city_id`, or its area `area`; "" is everywhere, and all of the city. What wins is said in
    `booking.calendar.on_day`.
    """

    __tablename__ = "day_rules"
    __table_args__ = (
        UniqueConstraint("city_id", "area", "weekday"),
        UniqueConstraint("city_id", "area", "day"),
        CheckConstraint("(day IS NULL) <> (weekday IS NULL)", name="day_or_weekday"),
        CheckConstraint("(first_slot_h IS NULL) = (last_end_h IS NULL)", name="both_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[str] = mapped_column(default="", server_default="")
    area: Mapped[str] = mapped_column(default="", server_default="")
    weekday: Mapped[int | None]
    day: Mapped[date | None]
    first_slot_h: Mapped[int | None]
    last_end_h: Mapped[int | None]
    seats: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class Clearing(Base):
    """An order of `who` (login) to move the bookings that a change of the calendar has left without opening hours, from
    `first_day` to `last_day` in a city ("": everywhere). `cause` is what changed, for those who ask later.

    `done_at` None: under way; whoever carried it out may have died in the middle. `moved` and `left` count bookings.
    """

    __tablename__ = "clearings"

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[str] = mapped_column(default="", server_default="")
    first_day: Mapped[date]
    last_day: Mapped[date]
    who: Mapped[str]
    cause: Mapped[str]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    moved: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)
