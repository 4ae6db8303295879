"""When agents answer: hours that differ from the configured ones."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AgentDay(Base):
    """The agents' hours on a `weekday` (0 Monday … 6 Sunday) of every week, or on one `day`.

    `open_h` to before `close_h`, 0-24, local; past midnight when open_h is the later one, round the clock when they are
    equal; both None: nobody answers.
    """

    __tablename__ = "agent_days"
    __table_args__ = (
        CheckConstraint("(day IS NULL) <> (weekday IS NULL)", name="day_or_weekday"),
        CheckConstraint("(open_h IS NULL) = (close_h IS NULL)", name="both_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    weekday: Mapped[int | None] = mapped_column(unique=True)
    day: Mapped[date | None] = mapped_column(unique=True)
    open_h: Mapped[int | None]
    close_h: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
