"""All tables, and the rows of one with a search."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from booking.tables.changing import stored
from booking.tables.registry import EVERY
from booking.tables.table import Cells, Table
from console.deps import deps
from console.language import language
from console.tables.parts import fetched, for_readers, just_done, known, show
from console.tables.shown import display, options_of

MOST = 200  # rows of a list


@for_readers
def page() -> Response:
    """The tables with how many rows each has."""
    with deps().store.read() as session:
        sizes = {table.name: len(table.rows(session)) for table in EVERY}
    return show("page", tables=EVERY, sizes=sizes, **just_done())


@for_readers
def rows(name: str) -> Response:
    """The rows, or only the list of them where that is asked for."""
    table, asked = known(name), request.args.get("q", "")[:100].strip()
    with deps().store.read() as session:
        every = _displayed(session, table)
    wanted = " ".join(asked.casefold().split())
    found = [row for row in every if all(part in row[2] for part in wanted.split(" "))]
    values: dict[str, Any] = {"rows": found[:MOST], "found": len(found), "asked": asked}
    return show("list", table=table, **values) if fetched() else show("rows", table=table, **values, **just_done())


def _displayed(session: Session, table: Table[Any]) -> list[tuple[str, Cells, str]]:
    """Key, cells as they are read, and the text in which a search looks."""
    options, spoken = options_of(session, table, language()), language()
    made = []
    for key, cells in stored(session, table).items():
        shown = {c.name: display(c, cells[c.name], options, spoken) for c in table.columns}
        plain = (cells[c.name] for c in table.columns if not c.private)
        made.append((key, shown, " ".join([*shown.values(), *plain]).casefold()))
    return made
