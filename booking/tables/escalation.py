"""Levels of escalation of complaints: who answers, and after how long a complaint rises."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.complaint_stages import KINDS
from booking.sheets.lines import Line
from booking.sheets.values import english, flag, hindi, identifier, number, one_of
from booking.tables.parts import yes_no
from booking.tables.table import Cells, Choice, Column, Removable, meanings
from models.complaints import EscalationLevel

OFFICE = 30  # characters: more would be cut in notices
HIGHEST, LONGEST = 9, 8760  # levels, hours (a year)
NAMES = {"delay": "देरी", "bribe": "रिश्वत", "behaviour": "बर्ताव", "quality": "गुणवत्ता", "other": "अन्य"}


def kinds(_: Session | None = None) -> list[Choice]:
    """Kinds of complaints; none of them is all that have no levels of their own."""
    return [Choice("", "सभी", "all"), *(Choice(kind, NAMES[kind], kind) for kind in KINDS)]


class Escalation(Removable[EscalationLevel]):
    """A kind without rows of its own has the general ones."""

    name = "escalation"
    columns = (
        Column("kind", "choice", choices=kinds),
        Column("level", "number", needed=True),
        Column("office", needed=True),
        Column("hi", needed=True),
        Column("en", needed=True),
        Column("hours", "number", needed=True),
        Column("working", "flag", needed=True),
    )
    keys = ("kind", "level")

    def rows(self, session: Session) -> Sequence[EscalationLevel]:
        """By kind, lowest level first."""
        return session.scalars(select(EscalationLevel).order_by(EscalationLevel.kind, EscalationLevel.level)).all()

    def cells(self, row: EscalationLevel) -> Cells:
        """`working` says whether hours are of working days."""
        return {
            "kind": row.kind,
            "level": str(row.level),
            "office": row.office,
            "hi": row.hi,
            "en": row.en,
            "hours": str(row.hours),
            "working": yes_no(row.working),
        }

    def reader(self, session: Session) -> Callable[[Line], EscalationLevel]:
        """The level's number tells which row it is."""
        kind = one_of(meanings(kinds()))
        known = {(row.kind, row.level): row.id for row in self.rows(session)}

        def read(line: Line) -> EscalationLevel:
            row = EscalationLevel(
                kind=line.value("kind", kind, ""),
                level=line.value("level", number(1, HIGHEST), 0),
                office=line.value("office", identifier, ""),
                hi=line.value("hi", hindi(OFFICE), ""),
                en=line.value("en", english(OFFICE), ""),
                hours=line.value("hours", number(1, LONGEST), 0),
                working=line.value("working", flag, True),
            )
            row.id = known.get((row.kind, row.level))  # type: ignore[assignment]  # None: a new row gets its number
            return row

        return read

    def check_all(self, session: Session, every: Sequence[tuple[Line, EscalationLevel]]) -> None:
        """A complaint begins at level 1."""
        there = {(row.kind, row.level) for row in self.rows(session)} | {(row.kind, row.level) for _, row in every}
        for line, row in every:
            if row.level > 1 and (row.kind, row.level - 1) not in there:
                line.wrong("level", "gap", level=row.level)

    def take_out(self, session: Session, key: str) -> None:
        """Complaints that stand at the level rise to the one above it when their time is over."""
        kind, _, level = key.rpartition("/")
        gone = EscalationLevel.kind == kind, EscalationLevel.level == int(level)
        session.execute(delete(EscalationLevel).where(*gone))
