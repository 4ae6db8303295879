"""Cities: the urban local bodies that are covered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy.orm import Session

from booking.services import cities
from booking.sheets.lines import Line
from booking.sheets.remarks import Remark
from booking.sheets.values import english, hindi, identifier, optional, parts
from booking.tables.following import slots_added
from booking.tables.parts import POSITION, listed, position_reader
from booking.tables.table import Cells, Column, Hand, Table
from models.catalogue import CityRow

NAME = 20  # characters: more would be cut in notices


class Cities(Table[CityRow]):
    """A city has slots from the moment it is added, and is never removed, as bookings refer to it."""

    name = "cities"
    spoken = True
    columns = (
        Column("id", needed=True),
        Column("hi", needed=True),
        Column("en", needed=True),
        Column("district"),
        Column("also", "list"),
        POSITION,
    )

    def rows(self, session: Session) -> Sequence[CityRow]:
        """In the order of presentation."""
        return cities(session)

    def cells(self, row: CityRow) -> Cells:
        """`also` are other spellings."""
        return {
            "id": row.id,
            "hi": row.hi,
            "en": row.en,
            "district": row.district,
            "also": listed(row.also),
            "position": str(row.position),
        }

    def reader(self, session: Session) -> Callable[[Line], CityRow]:
        """A district is named by its id."""
        position = position_reader([row.position for row in cities(session)])
        return lambda line: CityRow(
            id=line.value("id", identifier, ""),
            hi=line.value("hi", hindi(NAME), ""),
            en=line.value("en", english(NAME), ""),
            district=line.value("district", optional(district), None) or "",
            also=line.value("also", parts(), list[str]()),
            position=position(line),
        )

    def settle(self, session: Session, hand: Hand, new: Collection[str], changed: Collection[str]) -> Sequence[Remark]:
        """New cities get slots."""
        return slots_added(session, hand) if new else ()


def district(text: str) -> str:
    """The id of a district; those of merged districts are long."""
    identifier(text[:30])
    return parts(1)(text)[0]
