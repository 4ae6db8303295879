"""Agents' hours of a weekday or a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from booking.agent_days import agent_days
from booking.sheets.lines import Line
from booking.sheets.values import number, optional
from booking.tables.dated import Dated
from booking.tables.dates import MONDAY, reason, weekday_or_day, when_text
from booking.tables.parts import text
from booking.tables.table import Cells, Column
from models.agent_days import AgentDay


class AgentHours(Dated[AgentDay]):
    """Empty hours: nobody answers."""

    name = "agent_hours"
    columns = (
        Column("when", needed=True),
        Column("open_h", "number", needed=True),
        Column("close_h", "number", needed=True),
        Column("reason"),
    )
    keys = ("when",)

    def rows(self, session: Session) -> Sequence[AgentDay]:
        """Weekdays, then days."""
        return agent_days(session)

    def cells(self, row: AgentDay) -> Cells:
        """`when` is a weekday or a day."""
        hours = {"open_h": text(row.open_h), "close_h": text(row.close_h)}
        return {"when": when_text(row.weekday, row.day), **hours, "reason": row.reason}

    def reader(self, session: Session) -> Callable[[Line], AgentDay]:
        """Both hours or none."""
        follow = self.follower(session)

        def read(line: Line) -> AgentDay:
            weekday, on = line.value("when", weekday_or_day, MONDAY)
            first, last = (line.value(name, optional(number(0, 24)), None) for name in ("open_h", "close_h"))
            if (first is None) != (last is None):
                line.wrong("close_h" if last is None else "open_h", "both_hours")
            told = line.value("reason", reason, "")
            row = AgentDay(weekday=weekday, day=on, open_h=first, close_h=last, reason=told)
            return follow(row)

        return read
