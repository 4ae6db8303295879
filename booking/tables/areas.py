"""Areas of cities: wards, or rings of villages, each with its own team and slots."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.pin import pin as pin_digits
from booking.sheets.lines import Line
from booking.sheets.remarks import Remark, Wrong, remark
from booking.sheets.values import english, hindi, identifier, one_of, parts
from booking.tables.following import followed
from booking.tables.parts import HOURS, POSITION, city_choices, city_reader, hours, listed, position_reader, text
from booking.tables.table import Cells, Choice, Column, Hand, InUse, Removable, meanings
from models.areas import Area
from models.executives import Executive
from models.opening import DayRule
from models.slots import Slot
from models.waiting import Waiting

KINDS = (Choice("ward", "वार्ड", "ward"), Choice("ring", "गाँवों का समूह", "ring of villages"))
NAME = 60  # characters


class Areas(Removable[Area]):
    """From its first area on a city is booked area by area."""

    name = "areas"
    spoken = True
    columns = (
        Column("id", needed=True),
        Column("city", "choice", needed=True, choices=city_choices),
        Column("hi", needed=True),
        Column("en", needed=True),
        Column("kind", "choice", needed=True, choices=lambda _: KINDS),
        Column("places", "list"),
        Column("pins", "list"),
        *HOURS,
        POSITION,
    )

    def rows(self, session: Session) -> Sequence[Area]:
        """By city, in the order of presentation."""
        return session.scalars(select(Area).order_by(Area.city_id, Area.position, Area.id)).all()

    def cells(self, row: Area) -> Cells:
        """Empty hours and seats keep the city's."""
        return {
            "id": row.id,
            "city": row.city_id,
            "hi": row.hi,
            "en": row.en,
            "kind": row.kind,
            "places": listed(row.places),
            "pins": listed(row.pins),
            **{column.name: text(getattr(row, column.name)) for column in HOURS},
            "position": str(row.position),
        }

    def reader(self, session: Session) -> Callable[[Line], Area]:
        """An area stays in the city in which it has slots."""
        city, every = city_reader(session), self.rows(session)
        homes = {area.id: area.city_id for area in every}
        position = position_reader([area.position for area in every])

        def read(line: Line) -> Area:
            area = Area(
                id=line.value("id", identifier, ""),
                city_id=city(line),
                hi=line.value("hi", hindi(NAME), ""),
                en=line.value("en", english(NAME), ""),
                kind=line.value("kind", one_of(meanings(KINDS)), ""),
                places=line.value("places", parts(), list[str]()),
                pins=line.value("pins", _pins, list[str]()),
                **hours(line),
                position=position(line),
            )
            if homes.get(area.id, area.city_id) != area.city_id:
                line.wrong("city", "other_city", city=homes[area.id])
            return area

        return read

    def take_out(self, session: Session, key: str) -> None:
        """Only while nothing was booked there, nobody works or waits there, and no day has hours of its own there."""
        named = (select(row.id).where(row.area == key).limit(1) for row in (Executive, Waiting, DayRule))
        if any(session.scalar(found) is not None for found in named):
            raise InUse(remark("in_use"))
        try:
            with session.begin_nested():
                session.execute(delete(Slot).where(Slot.area == key))
                session.execute(delete(Area).where(Area.id == key))
        except IntegrityError:
            raise InUse(remark("in_use")) from None

    def settle(self, session: Session, hand: Hand, new: Collection[str], changed: Collection[str]) -> Sequence[Remark]:
        """New areas and longer hours have more slots; a city that has lost its last area has its own again."""
        return followed(session, hand)


def _pins(text: str) -> list[str]:
    found = [(word, pin_digits(word)) for word in re.split(r"[\s;|,]+", text) if word]
    wrong = [word for word, digits in found if digits is None]
    if wrong:
        raise Wrong("no_pins", text=", ".join(wrong))
    return list(dict.fromkeys(digits for _, digits in found if digits))
