"""Services and cities: what can be booked and where."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ServiceRow(Base):
    """A service. `fee` in rupees and `days` in working days are None when not known; `since`/`until` are inclusive."""

    __tablename__ = "services"

    id: Mapped[str] = mapped_column(primary_key=True)
    hi: Mapped[str]
    en: Mapped[str]
    fee: Mapped[int | None]
    days: Mapped[int | None]
    documents: Mapped[list[str]]
    since: Mapped[date | None]
    until: Mapped[date | None]
    confirmed: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    def open_on(self, day: date) -> bool:
        """Whether the service is offered on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class CityRow(Base):
    """A covered urban local body; `also` lists other spellings in public use."""

    __tablename__ = "cities"

    id: Mapped[str] = mapped_column(primary_key=True)
    hi: Mapped[str]
    en: Mapped[str]
    district: Mapped[str] = mapped_column(default="")
    also: Mapped[list[str]]
    position: Mapped[int] = mapped_column(default=0)
