"""Short ways to send a table and to look at what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from booking.audit import Who
from booking.rules import VisitRules
from booking.sheets.reading import grid
from booking.sheets.remarks import Remark
from booking.tables.changing import Plan, alone, carry_out, planned
from booking.tables.reading import lines_of
from booking.tables.table import Hand, Table
from models.store import Store
from tests.booking.town import NOW

HAND = Hand(NOW, Who("asha"), VisitRules(ahead_days=2))


def sheet(head: str, *rows: str) -> bytes:
    return "\n".join((head, *rows)).encode()


def excel(*rows: Sequence[Any]) -> bytes:
    """An Excel file as a spreadsheet writes it."""
    book, data = Workbook(), BytesIO()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(data)
    return data.getvalue()


def look(store: Store, table: Table[Any], data: bytes) -> Plan[Any]:
    """What would become of a file."""
    with store.read() as session:
        return planned(session, table, lines_of(table, grid(data)))


def problems(store: Store, table: Table[Any], data: bytes) -> list[str]:
    return [str(problem) for problem in look(store, table, data).problems]


def take(store: Store, table: Table[Any], data: bytes, hand: Hand = HAND) -> Sequence[Remark]:
    """Take a file over."""
    with store.begin() as session:
        alone(session)
        return carry_out(session, hand, table, planned(session, table, lines_of(table, grid(data))))
