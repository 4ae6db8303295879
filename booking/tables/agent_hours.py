"""Agents' hours of a weekday or a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from booking.agent_days import agent_days
from booking.calendar_changes import NAME
from booking.data_versions import count_up
from booking.sheets.lines import Line
from booking.sheets.values import number, optional
from booking.tables.dates import MONDAY, reason, weekday_or_day, when_text
from booking.tables.parts import text
from booking.tables.table import Cells, Column, Table
from models.agent_days import AgentDay


class AgentHours(Table[AgentDay]):
    """Empty hours: nobody answers."""

    name = "agent_hours"
    columns = (
        Column("when", needed=True),
        Column("open_h", "number", needed=True),
        Column("close_h", "number", needed=True),
        Column("reason"),
    )
    keys = ("when",)
    removable = True

    def rows(self, session: Session) -> Sequence[AgentDay]:
        """Weekdays, then days."""
        return agent_days(session)

    def cells(self, row: AgentDay) -> Cells:
        """`when` is a weekday or a day."""
        hours = {"open_h": text(row.open_h), "close_h": text(row.close_h)}
        return {"when": when_text(row.weekday, row.day), **hours, "reason": row.reason}

    def reader(self, session: Session) -> Callable[[Line], AgentDay]:
        """Both hours or none."""
        known = {self.key(self.cells(row)): row for row in self.rows(session)}

        def read(line: Line) -> AgentDay:
            weekday, on = line.value("when", weekday_or_day, MONDAY)
            first, last = (line.value(name, optional(number(0, 24)), None) for name in ("open_h", "close_h"))
            if (first is None) != (last is None):
                line.wrong("close_h" if last is None else "open_h", "both_hours")
            told = line.value("reason", reason, "")
            row = AgentDay(weekday=weekday, day=on, open_h=first, close_h=last, reason=told)
            before = known.get(self.key(self.cells(row)))
            row.version = 1
            if before:
                row.id, row.version = before.id, before.version + 1
            return row

        return read

    def put(self, session: Session, row: AgentDay) -> None:
        """Other changes of the calendar wait."""
        count_up(session, NAME)
        super().put(session, row)

    def take_out(self, session: Session, key: str) -> None:
        """Back to what holds otherwise."""
        for row in self.rows(session):
            if self.key(self.cells(row)) == key:
                session.delete(row)
        session.flush()
