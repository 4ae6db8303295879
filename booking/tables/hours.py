"""Opening hours and seats of a city, where they differ from the general rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.sheets.lines import Line
from booking.sheets.remarks import Remark
from booking.tables.following import followed
from booking.tables.parts import HOURS, city_choices, city_reader, hours, text
from booking.tables.table import Cells, Column, Hand, Removable
from models.opening import CityHours


class Hours(Removable[CityHours]):
    """A row for each city that differs; without one the general rule holds."""

    name = "hours"
    columns = (Column("city", "choice", needed=True, choices=city_choices), *HOURS)
    keys = ("city",)

    def rows(self, session: Session) -> Sequence[CityHours]:
        """By city."""
        return session.scalars(select(CityHours).order_by(CityHours.city_id)).all()

    def cells(self, row: CityHours) -> Cells:
        """Empty cells keep the general rule."""
        own = {column.name: text(getattr(row, column.name)) for column in HOURS}
        return {"city": row.city_id, **own}

    def reader(self, session: Session) -> Callable[[Line], CityHours]:
        """At least one of its own figures must be there."""
        city = city_reader(session)

        def read(line: Line) -> CityHours:
            row = CityHours(city_id=city(line), **hours(line))
            if not line.problems and row.first_slot_h is row.last_end_h is row.seats is None:
                line.wrong("seats", "nothing_own")
            return row

        return read

    def take_out(self, session: Session, key: str) -> None:
        """Back to the general rule."""
        session.delete(session.get_one(CityHours, key))
        session.flush()

    def settle(self, session: Session, hand: Hand, new: Collection[str], changed: Collection[str]) -> Sequence[Remark]:
        """Longer hours have more slots; of shorter ones those outside come onto the work list."""
        return followed(session, hand)
