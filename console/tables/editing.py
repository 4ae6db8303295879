"""One row is added, changed or removed by a form. Nothing typed is lost, and nobody overwrites others unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking.sheets.lines import Line
from booking.sheets.remarks import Remark, remark
from booking.tables.changing import Plan, alone, carry_out, digest, planned, stored, take_out
from booking.tables.reading import typed
from booking.tables.table import Cells, InUse, Removable, Table
from console.deps import deps
from console.language import language
from console.tables.deps import hand
from console.tables.parts import done, for_changers, known, note_sight, show
from console.tables.shown import Sent, fields, options_of


@dataclass(eq=False)
class Refused(Exception):  # noqa: N818
    """The form cannot be taken: it is shown again with `line`, beside what stands in the store, and why as a whole."""

    line: Line
    before: Cells | None
    alert: Remark | str
    status: int = 422
    overtaken: bool = False


@for_changers
def row(name: str) -> Response:
    """The form of the row `?key=`, or of a new one."""
    table, key = known(name), request.args.get("key")
    with deps().store.read() as session:
        before = stored(session, table).get(key) if key is not None else None
    if key is not None:
        if before is None:
            abort(404)
        note_sight(table, key)
    return _form(table, Line(1, before or {}), before)


@for_changers
def save(name: str) -> Answer:
    """The form was sent. What cannot be taken is said beside its field."""
    table = known(name)
    try:
        with deps().store.begin() as session:
            alone(session)
            plan = _checked(session, table)
            told = carry_out(session, hand(), table, plan)
    except Refused as refused:
        return _form(table, refused.line, refused.before, refused)
    step = plan.steps[0]
    said = "said_same" if step.fate == "same" else "said_saved"
    return done("tables.rows", said, told, name=name, q=step.key.strip("/"))


@for_changers
def remove(name: str) -> Answer:
    """A row is taken out, if nothing belongs to it and nobody has changed it since the look."""
    table, key = known(name), request.form.get("key", "")
    if not isinstance(table, Removable):
        abort(404)
    try:
        with deps().store.begin() as session:
            alone(session)
            before = stored(session, table).get(key)
            if before is None:
                abort(404)
            if digest(before) != request.form.get("seen", ""):
                raise Refused(Line(1, before), before, "overtaken_removal", 409)
            told = _taken_out(session, table, key, before)
    except Refused as refused:
        return _form(table, refused.line, refused.before, refused)
    return done("tables.rows", "said_removed", told, name=name)


def _taken_out(session: Session, table: Removable[Any], key: str, before: Cells) -> Any:
    try:
        return take_out(session, hand(), table, key, before)
    except InUse as error:
        raise Refused(Line(1, before), before, error.remark, 409) from None


def _checked(session: Session, table: Table[Any]) -> Plan[Any]:
    """What the form would do. Raises Refused."""
    line, key, seen = _typed(table), request.form.get("key"), request.form.get("seen", "")
    known_rows = stored(session, table)
    if key is None and table.key(line.cells) in known_rows:
        line.wrong(table.keys[-1], "taken")
        raise Refused(line, None, "not_saved")
    if key is not None and key not in known_rows:
        raise Refused(line, None, remark("unknown_row"), 409)
    before = known_rows.get(key) if key is not None else None
    plan = planned(session, table, [line])
    if plan.problems:
        raise Refused(plan.steps[0].line, before, "not_saved")
    if digest(before) != seen:
        raise Refused(line, before, "overtaken", 409, overtaken=True)
    return plan


def _typed(table: Table[Any]) -> Line:
    """What was typed; the key of a row that is there cannot be changed."""
    sent = {column.name: request.form.getlist(column.name) for column in table.columns}
    key = request.form.get("key")
    if key is not None:
        sent |= dict(zip(table.keys, ([part] for part in _parts(table, key)), strict=False))
    return typed(table, sent)


def _parts(table: Table[Any], key: str) -> list[str]:
    return key.split("/", len(table.keys) - 1)


def _form(table: Table[Any], line: Line, before: Cells | None, refused: Refused | None = None) -> Response:
    with deps().store.read() as session:
        options = options_of(session, table, language())
    sent = Sent(line, before, refused is not None and refused.overtaken)
    # What stands there now has been seen with an answer that shows it.
    seen = request.form.get("seen", "") if refused and refused.status == 422 else digest(before)
    return show(
        "row", refused.status if refused else 200, table=table, fields=fields(table, sent, options, language()),
        key=table.key(before) if before else None, seen=seen, refused=refused,
        general=[problem.remark for problem in line.problems if not problem.column],
    )  # fmt: skip
