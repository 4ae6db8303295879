"""What the pages of tables share: their words, who may do what, the table that is asked for, what was just done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, request, session
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.accounts.roles import ADMINISTRATOR, EDITOR, PUBLISHER
from booking.audit import Deed
from booking.sheets.remarks import Remark
from booking.tables.labels import about, hint, label, title
from booking.tables.registry import TABLES
from booking.tables.table import Table
from console import menu, showing
from console.accounts.parts import onward, said
from console.deps import deps
from console.language import language
from console.person import person, who
from console.words import Words, load
from ivr.gate import open_to

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
TOLD = "told"

for_readers = open_to(EDITOR, PUBLISHER, ADMINISTRATOR)
for_changers = open_to(PUBLISHER, ADMINISTRATOR)


def known(name: str) -> Table[Any]:
    """The table with this name. Answers 404 when there is none."""
    if name not in TABLES:
        abort(404)
    return TABLES[name]


def show(template: str, status: int = 200, table: Table[Any] | None = None, **values: Any) -> Response:
    """A page, or a fragment of it, about a table."""
    spoken, name = language(), table.name if table else ""
    values |= {
        "table": table,
        "title": partial(title, language=spoken),
        "about": partial(about, language=spoken),
        "label": partial(label, name, language=spoken),
        "hint": partial(hint, name, language=spoken),
    }
    return showing.show(f"tables/{template}.html", WORDS, status, may=may, **values)


def may(endpoint: str) -> bool:
    """Whether who asks may use the route."""
    return menu.opens(current_app, person(), f"tables.{endpoint}")


def fetched() -> bool:
    """Whether a part of a page is asked for, not a page."""
    return request.headers.get("HX-Request") == "true"


def done(endpoint: str, what: str, told: Sequence[Remark], **values: str) -> Answer:
    """To another page after a change, where it is said what was done and what followed."""
    session[TOLD] = [[remark.code, list(remark.values)] for remark in told]
    return onward(endpoint, what, **values)


def just_done() -> dict[str, Any]:
    """What was done just before this page, once, for its template."""
    kept = session.pop(TOLD, ())
    return {"said": said(), "told": [Remark(code, tuple((k, v) for k, v in values)) for code, values in kept]}


def note_sight(table: Table[Any], key: str = "") -> None:
    """Note in the audit trail that somebody sees what lists mask. Raises StoreError: then it must not be shown."""
    if any(column.private for column in table.columns):
        subject = f"{table.name}:{key}" if key else table.name
        with deps().store.begin() as store:
            audit.note(store, deps().now(), who(), Deed("row.seen", subject))
