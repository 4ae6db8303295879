"""Services: what can be booked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from booking.services import services
from booking.sheets.lines import Line
from booking.sheets.values import day, english, flag, hindi, identifier, number, optional, several_of
from booking.tables.parts import POSITION, in_order, listed, position_reader, text, yes_no
from booking.tables.table import Cells, Choice, Column, Table, meanings
from booking.wording import notices
from models.catalogue import ServiceRow

NAME = 80  # characters: what is said in one breath
DEAREST, LONGEST = 100_000, 365  # rupees, working days


def documents(_: Session | None = None) -> list[Choice]:
    """The documents that a service can need: those that voice and notices have names for."""
    return [Choice(id, names["hi"], names["en"]) for id, names in sorted(notices().documents.items())]


class Services(Table[ServiceRow]):
    """A service is never removed, as bookings refer to it: it ends by `until`."""

    name = "services"
    spoken = True
    columns = (
        Column("id", needed=True),
        Column("hi", needed=True),
        Column("en", needed=True),
        Column("fee", "number"),
        Column("days", "number"),
        Column("documents", "choices", choices=documents),
        Column("since", "date"),
        Column("until", "date"),
        Column("confirmed", "flag"),
        POSITION,
    )

    def rows(self, session: Session) -> Sequence[ServiceRow]:
        """In the order of presentation."""
        return services(session)

    def cells(self, row: ServiceRow) -> Cells:
        """Fee and days are empty when they are not known."""
        return {
            "id": row.id,
            "hi": row.hi,
            "en": row.en,
            "fee": text(row.fee),
            "days": text(row.days),
            "documents": listed(row.documents),
            "since": text(row.since),
            "until": text(row.until),
            "confirmed": yes_no(row.confirmed),
            "position": str(row.position),
        }

    def reader(self, session: Session) -> Callable[[Line], ServiceRow]:
        """What is confirmed is spoken as certain: it needs a fee and a time limit."""
        papers = several_of(meanings(documents()))
        position = position_reader([row.position for row in services(session)])

        def read(line: Line) -> ServiceRow:
            row = ServiceRow(
                id=line.value("id", identifier, ""),
                hi=line.value("hi", hindi(NAME), ""),
                en=line.value("en", english(NAME), ""),
                fee=line.value("fee", optional(number(0, DEAREST)), None),
                days=line.value("days", optional(number(1, LONGEST)), None),
                documents=line.value("documents", papers, list[str]()),
                since=line.value("since", day, None),
                until=line.value("until", day, None),
                confirmed=line.value("confirmed", flag, False),
                position=position(line),
            )
            in_order(line, row.since, row.until)
            for column in ("fee", "days"):
                if row.confirmed and getattr(row, column) is None:
                    line.wrong(column, "confirm_known")
            return row

        return read
