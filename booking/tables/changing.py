"""Rows of a table are checked, compared with what is stored, and taken over as they were checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Generic, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking import audit, catalogue_version
from booking.audit import Deed
from booking.phone import mask
from booking.sheets.lines import Line
from booking.sheets.remarks import Problem, Remark, SheetError, remark
from booking.tables.table import Cells, Hand, Removable, Row, Table
from models.catalogue import CityRow

Fate = Literal["new", "changed", "same", "wrong"]


@dataclass(frozen=True)
class Step(Generic[Row]):
    """What becomes of a line: the row that it makes, what stands there now (None: nothing) and afterwards."""

    line: Line
    row: Row
    key: str
    before: Cells | None
    after: Cells

    @property
    def fate(self) -> Fate:
        """Whether the line is wrong, or its row new, changed or the same as before."""
        if self.line.problems:
            return "wrong"
        if self.before is None:
            return "new"
        return "same" if self.before == self.after else "changed"

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Column, before and after, of what differs."""
        was = self.before or {}
        return [(name, was.get(name, ""), now) for name, now in self.after.items() if was.get(name, "") != now]


@dataclass(frozen=True)
class Plan(Generic[Row]):
    """What would become of a file: a step for each line, and what is wrong with the file as a whole."""

    steps: tuple[Step[Row], ...]
    problem: Problem | None = None

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong; nothing may be taken over while there is any."""
        found = [problem for step in self.steps for problem in step.line.problems]
        return [self.problem] if self.problem else found

    @property
    def digest(self) -> str:
        """Equal only for plans that change the same things in the same way."""
        return digest([(step.key, step.before, step.after) for step in self.steps])

    def keys(self, fate: Fate) -> list[str]:
        """The rows with this fate."""
        return [step.key for step in self.steps if step.fate == fate]


def digest(seen: Any) -> str:
    """A short name for what somebody has seen, to find out later whether it is still so; "" for None."""
    text = json.dumps(seen, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:32] if seen is not None else ""


def stored(session: Session, table: Table[Row]) -> dict[str, Cells]:
    """All rows of a table by their keys."""
    every = [table.cells(row) for row in table.rows(session)]
    return {table.key(cells): cells for cells in every}


def planned(session: Session, table: Table[Row], sent: Iterable[Line]) -> Plan[Row]:
    """What would become of the lines. Nothing is stored."""
    known, read = stored(session, table), table.reader(session)
    steps: list[Step[Row]] = []
    try:
        for line in sent:
            steps.append(_step(table, known, read, line))
    except SheetError as error:
        return Plan((), error.problem)
    if not steps:
        return Plan((), Problem(0, "", remark("no_rows")))
    _check_once(table, steps)
    table.check_all(session, [(step.line, step.row) for step in steps if not step.line.problems])
    return Plan(tuple(steps))


def carry_out(session: Session, hand: Hand, table: Table[Row], plan: Plan[Row]) -> Sequence[Remark]:
    """Take over a plan without problems, made in this transaction after `alone`; what is to be said of it."""
    assert not plan.problems
    for step in plan.steps:
        if step.fate in ("new", "changed"):
            table.put(session, step.row)
            _note(session, hand, table, step)
    session.flush()
    new, changed = plan.keys("new"), plan.keys("changed")
    if not (new or changed):
        return ()
    _tell_calls(session, table)
    return table.settle(session, hand, new, changed)


def take_out(session: Session, hand: Hand, table: Removable[Row], key: str, before: Cells) -> Sequence[Remark]:
    """Remove a row, after `alone`. Raises InUse."""
    table.take_out(session, key)
    audit.note(session, hand.now, hand.who, Deed("row.removed", f"{table.name}:{key}", masked(table, before)))
    _tell_calls(session, table)
    return table.settle(session, hand, (), ())


def alone(session: Session) -> None:
    """Let changes of tables wait for one another: each must see what the one before it has changed (PostgreSQL;
    SQLite has one writer anyway). Cities are locked in the order in which assignments lock them, too."""
    session.execute(select(CityRow.id).order_by(CityRow.id).with_for_update(key_share=True))


def _step(table: Table[Row], known: Mapping[str, Cells], read: Any, line: Line) -> Step[Row]:
    """Read a line; what the file does not speak of stays as it is."""
    was = known.get(table.key(line.cells), {})
    full = replace(line, cells={**was, **line.cells})
    row: Row = read(full)
    after = table.cells(row)
    key = table.key(after)
    return Step(full, row, key, known.get(key), after)


def _check_once(table: Table[Row], steps: Sequence[Step[Row]]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for step in steps:
        values = [(table.keys[-1], step.key), *((name, step.after[name]) for name in table.once)]
        for column, value in values:
            first = seen.setdefault((column, value), step.line.row)
            if value.strip("/") and first != step.line.row:
                step.line.wrong(column, "same_as_row", row=first)


def _tell_calls(session: Session, table: Table[Row]) -> None:
    if table.spoken:
        catalogue_version.touch(session)


def _note(session: Session, hand: Hand, table: Table[Row], step: Step[Row]) -> None:
    names = [name for name, _, _ in step.changes]
    before = {name: (step.before or {}).get(name, "") for name in names} if step.before else {}
    after = {name: step.after[name] for name in names}
    deed = "row.changed" if step.before else "row.added"
    told = Deed(deed, f"{table.name}:{step.key}", masked(table, before), masked(table, after))
    audit.note(session, hand.now, hand.who, told)


def masked(table: Table[Any], cells: Mapping[str, str]) -> Cells:
    """As it may stand in lists and in the audit trail."""
    hidden = {column.name for column in table.columns if column.private}
    return {name: mask(text) if name in hidden else text for name, text in cells.items()}
