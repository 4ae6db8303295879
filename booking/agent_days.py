"""The agents' hours of a weekday or a day: setting them, and taking them back. No booking is touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit import Deed
from booking.calendar_fields import When, check_reason, check_when, key
from booking.calendar_refusals import CalendarError, ChangedMeanwhile
from booking.rules import VisitRules
from booking.stranded import Stretch
from models.agent_days import AgentDay


@dataclass(frozen=True)
class SetAgents:
    """Agents answer from `hours[0]` to `hours[1]` (0-24; past midnight when the first is the later one, round the clock
    when they are equal), (None, None): nobody does. `version` is that of the row on the screen, 0: there was none."""

    when: When
    hours: tuple[int | None, int | None]
    reason: str = ""
    version: int = 0

    def make(self, session: Session, now: datetime) -> Deed:
        """Carry it out. Raises CalendarError, ChangedMeanwhile."""
        check_when(now, self.when)
        if (self.hours[0] is None) != (self.hours[1] is None):
            raise CalendarError("hours_both", "open_h")
        if any(hour is not None and not 0 <= hour <= 24 for hour in self.hours):
            raise CalendarError("hours_range", "open_h")
        place = {"weekday": self.when.weekday, "day": self.when.day}
        row = session.scalars(select(AgentDay).filter_by(**place)).one_or_none()
        if (row.version if row else 0) != self.version:
            raise ChangedMeanwhile
        before, row = plain(row) if row else None, row or AgentDay(**place, version=0)
        row.open_h, row.close_h = self.hours
        row.reason, row.version = check_reason(self.reason), row.version + 1
        session.add(row)
        session.flush()
        return Deed("calendar.agents_set", f"agent_day:{row.id}", before, plain(row))

    def where(self, now: datetime, rules: VisitRules) -> Stretch | None:
        """It touches no booking."""
        return None


@dataclass(frozen=True)
class DropAgents:
    """Take the agents' hours `id` back, as they were on the screen."""

    id: int
    version: int

    def make(self, session: Session, now: datetime) -> Deed:
        """Carry it out. Raises ChangedMeanwhile."""
        row = session.get(AgentDay, self.id)
        if row is None or row.version != self.version:
            raise ChangedMeanwhile
        session.delete(row)
        session.flush()
        return Deed("calendar.agents_dropped", f"agent_day:{row.id}", before=plain(row))

    def where(self, now: datetime, rules: VisitRules) -> Stretch | None:
        """It touches no booking."""
        return None


def agent_days(session: Session) -> list[AgentDay]:
    """All of them: weekdays, then days."""
    rows = session.scalars(select(AgentDay).order_by(AgentDay.day, AgentDay.weekday)).all()
    return sorted(rows, key=lambda row: row.day is not None)


def plain(row: AgentDay) -> dict[str, Any]:
    """As it stands in the audit trail."""
    hours = None if row.open_h is None else [row.open_h, row.close_h]
    return {"on": key(When(row.weekday, row.day)), "hours": hours, "reason": row.reason}
