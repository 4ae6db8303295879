"""Closed days of visits and of the departments' offices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy.orm import Session

from booking.calendar_changes import NAME
from booking.closures import closures
from booking.data_versions import count_up
from booking.sheets.lines import Line
from booking.sheets.remarks import Remark
from booking.sheets.values import flag
from booking.tables.dates import EVERYWHERE, NEVER, day_or_yearly, place_choices, place_reader, reason
from booking.tables.following import followed
from booking.tables.parts import yes_no
from booking.tables.table import Cells, Choice, Column, Hand, Table, meanings
from models.base import new_id
from models.opening import Closure

KINDS = (Choice("visits", "विज़िट", "visits"), Choice("departments", "विभागों के दफ़्तर", "department offices"))


class Closures(Table[Closure]):
    """A day stays in the table when it is opened again (`lifted`), so that nothing closes it anew."""

    name = "closures"
    columns = (
        Column("when", needed=True),
        Column("city", "choice", needed=True, choices=place_choices),
        Column("calendar", "choice", needed=True, choices=lambda session: KINDS),
        Column("reason"),
        Column("lifted", "flag"),
    )
    keys = ("when", "city", "calendar")

    def rows(self, session: Session) -> Sequence[Closure]:
        """Every year's, then single days."""
        return closures(session)

    def cells(self, row: Closure) -> Cells:
        """`when` is a day or the date of every year."""
        return {
            "when": str(row.day or row.yearly),
            "city": row.city_id or EVERYWHERE,
            "calendar": row.calendar,
            "reason": row.reason,
            "lifted": yes_no(row.lifted),
        }

    def reader(self, session: Session) -> Callable[[Line], Closure]:
        """Offices close everywhere."""
        place, kinds = place_reader(session), meanings(KINDS)
        ids = {self.key(self.cells(row)): row.id for row in self.rows(session)}

        def read(line: Line) -> Closure:
            on, yearly = line.value("when", day_or_yearly, NEVER)
            kind = kinds.get(line.cells.get("calendar", "").casefold())
            told, lifted = line.value("reason", reason, ""), line.value("lifted", flag, False)
            row = Closure(day=on, yearly=yearly, city_id=place(line) or None, reason=told, lifted=lifted)
            row.calendar = kind or KINDS[0].value
            if kind is None:
                line.wrong("calendar", "no_choice", text=line.cells.get("calendar", ""), some="visits, departments")
            elif kind == "departments" and row.city_id:
                line.wrong("city", "offices_everywhere")
            row.id = ids.get(self.key(self.cells(row))) or new_id()
            return row

        return read

    def put(self, session: Session, row: Closure) -> None:
        """Other changes of the calendar wait."""
        count_up(session, NAME)
        super().put(session, row)

    def settle(self, session: Session, hand: Hand, new: Collection[str], changed: Collection[str]) -> Sequence[Remark]:
        """Bookings on these days are the desk's work; the calendar's page moves them."""
        return followed(session, hand)
