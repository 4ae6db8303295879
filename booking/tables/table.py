"""What a table is: its columns, its rows as text, how a line is read, and what follows when rows have changed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, Literal, TypeVar

from sqlalchemy.orm import Session

from booking.audit import Who
from booking.rules import VisitRules
from booking.sheets.lines import Line
from booking.sheets.remarks import Remark
from booking.wording import Notices

Kind = Literal["text", "number", "list", "date", "flag", "choice", "choices"]
Cells = dict[str, str]
"""A row as text by column, as it is shown, exported and compared."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class Choice:
    """What a cell may hold, and its names."""

    value: str
    hi: str
    en: str


@dataclass(frozen=True)
class Column:
    """A column. `kind` says how a form asks for it; "list" and "choices" hold several values with "; " between them.

    `needed` columns stand in every file; what another column says, when it is not in a file, stays as it is. `choices`
    are those of a choice. `private` values are masked in lists and in the audit trail.
    """

    name: str
    kind: Kind = "text"
    needed: bool = False
    choices: Callable[[Session], Sequence[Choice]] | None = None
    private: bool = False


@dataclass(frozen=True)
class Hand:
    """Whose hand changes rows, and when; `rules` and `wording` for what follows from it (slots, notices)."""

    now: datetime
    who: Who
    rules: VisitRules
    wording: Notices | None = None


class InUse(Exception):  # noqa: N818
    """The row stays, as other records belong to it; the remark says what can be done instead."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(str(remark))
        self.remark = remark


class Table(ABC, Generic[Row]):
    """A table of rows of one kind. What it is called and how its columns are labelled stands in `words.yaml`.

    `keys` are the columns that tell rows apart (their values, with "/" between them, are a row's key), `once` further
    columns in which no two rows of a file may agree. `spoken`: whether calls speak of the rows, and have to learn of
    changes.
    """

    name: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    keys: ClassVar[tuple[str, ...]] = ("id",)
    once: ClassVar[tuple[str, ...]] = ()
    spoken: ClassVar[bool] = False

    @abstractmethod
    def rows(self, session: Session) -> Sequence[Row]:
        """All rows in their order."""

    @abstractmethod
    def cells(self, row: Row) -> Cells:
        """A row as text; reading it again gives the same row."""

    @abstractmethod
    def reader(self, session: Session) -> Callable[[Line], Row]:
        """What makes a row of a line, noting in the line what is wrong with it. Stores nothing."""

    def check_all(self, session: Session, every: Sequence[tuple[Line, Row]]) -> None:
        """Note in the lines what is wrong between several rows; `every` are those that are right by themselves."""

    def put(self, session: Session, row: Row) -> None:
        """Store a new or changed row."""
        session.merge(row)

    def settle(self, session: Session, hand: Hand, new: Collection[str], changed: Collection[str]) -> Sequence[Remark]:
        """What follows when the rows with these keys were stored (or, with none, some removed); what is to be said."""
        return ()

    def key(self, cells: Mapping[str, str]) -> str:
        """The key of a row."""
        return "/".join(cells.get(name, "") for name in self.keys)

    @property
    def removable(self) -> bool:
        """Whether rows can be taken out."""
        return isinstance(self, Removable)

    @property
    def needed(self) -> list[str]:
        """The names of columns that every file has."""
        return [column.name for column in self.columns if column.needed]

    @property
    def further(self) -> list[str]:
        """The names of the others."""
        return [column.name for column in self.columns if not column.needed]


class Removable(Table[Row]):
    """A table whose rows can be taken out."""

    @abstractmethod
    def take_out(self, session: Session, key: str) -> None:
        """Remove the row. Raises InUse."""


def meanings(choices: Sequence[Choice]) -> dict[str, str]:
    """The value of each choice by all that it may be called, in small letters."""
    return {name.casefold(): c.value for c in choices for name in (c.hi, c.en, c.value)}
