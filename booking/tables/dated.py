"""What tables of weekdays and days of the calendar share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from booking.calendar_changes import NAME
from booking.data_versions import count_up
from booking.tables.table import Removable
from models.agent_days import AgentDay
from models.opening import DayRule

Day = TypeVar("Day", bound=AgentDay | DayRule)


class Dated(Removable[Day]):
    """Rows of the calendar, which have versions. Other changes of the calendar wait for one of them."""

    def follower(self, session: Session) -> Callable[[Day], Day]:
        """What makes a row that was read the next version of the one that stands there."""
        known = {self.key(self.cells(row)): row for row in self.rows(session)}

        def follow(row: Day) -> Day:
            before = known.get(self.key(self.cells(row)))
            row.version = 1
            if before:
                row.id, row.version = before.id, before.version + 1
            return row

        return follow

    def put(self, session: Session, row: Day) -> None:
        """Store a new or changed row."""
        count_up(session, NAME)
        super().put(session, row)

    def take_out(self, session: Session, key: str) -> None:
        """Back to what holds otherwise."""
        count_up(session, NAME)
        for row in self.rows(session):
            if self.key(self.cells(row)) == key:
                session.delete(row)
        session.flush()
