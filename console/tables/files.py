"""Tables as files for spreadsheets, and files that are checked row by row before anything is taken over."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from booking.sheets.lines import Line
from booking.sheets.reading import LONGEST, grid
from booking.sheets.remarks import Problem, SheetError, unreadable
from booking.sheets.writing import as_csv, as_excel
from booking.tables.changing import Plan, alone, carry_out, masked, planned, stored
from booking.tables.labels import label, title
from booking.tables.reading import lines_of
from booking.tables.table import Table
from booking.zone import local_day
from console.deps import deps
from console.language import language
from console.tables.carrying import packed, unpacked
from console.tables.deps import hand
from console.tables.parts import done, for_changers, for_readers, known, may, note_sight, show
from console.tables.shown import display, options_of

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST = 200  # rows of each kind that a check shows


@for_readers
def export(name: str, kind: str) -> Response:
    """The table as CSV or Excel; private columns are masked for who may not change them."""
    table, spoken = known(name), language()
    if kind not in KINDS:
        abort(404)
    names = [column.name for column in table.columns]
    with deps().store.read() as session:
        every = list(stored(session, table).values())
    if may("check"):
        note_sight(table)
    else:
        every = [masked(table, cells) for cells in every]
    heading = [label(table.name, name, spoken) for name in names]
    rows = ([cells[name] for name in names] for cells in every)
    data = as_csv(heading, rows) if kind == "csv" else as_excel(title(table.name, spoken), heading, rows)
    answer = Response(data, content_type=KINDS[kind])
    file = f"{table.name}-{local_day(deps().now())}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


@for_changers
def upload(name: str) -> Response:
    """The form for a file."""
    return show("check", table=known(name), plan=None)


@for_changers
def check(name: str) -> Response:
    """A file was sent: what would become of it, row by row. Nothing is taken over yet."""
    table, file = known(name), request.files.get("file")
    try:
        sent = _lines(table, file)
        carried = packed(sent)
    except SheetError as error:
        return _checked(table, Plan((), error.problem), "")
    with deps().store.read() as session:
        plan = planned(session, table, sent)
    return _checked(table, plan, "" if plan.problems else carried)


@for_changers
def take_over(name: str) -> Answer:
    """What was checked is taken over, if it would still do the same."""
    table, carried = known(name), request.form.get("sheet", "")
    try:
        sent = unpacked(carried)
    except SheetError as error:
        return _checked(table, Plan((), error.problem), "")
    with deps().store.begin() as session:
        alone(session)
        plan = planned(session, table, sent)
        as_seen = not plan.problems and plan.digest == request.form.get("seen", "")
        told = carry_out(session, hand(), table, plan) if as_seen else ()
    if not as_seen:
        return _checked(table, plan, carried, overtaken=True)
    return done("tables.rows", "said_taken_over", told, name=name)


def _lines(table: Table[Any], file: FileStorage | None) -> list[Line]:
    """The lines of the file. Raises SheetError."""
    data = file.stream.read(LONGEST + 1) if file else b""
    if not data:
        raise unreadable("no_file")
    return list(lines_of(table, grid(data)))


def _checked(table: Table[Any], plan: Plan[Any], carried: str, overtaken: bool = False) -> Response:
    with deps().store.read() as session:
        options = options_of(session, table, language())
    columns = {column.name: column for column in table.columns}

    def shown(name: str, text: str) -> str:
        return display(columns[name], text, options, language())

    status = 409 if overtaken else 422 if plan.problems else 200
    return show("check", status, table=table, plan=plan, carried=carried, overtaken=overtaken, shown=shown, most=MOST,
                wrong=_wrong(plan)[:MOST])  # fmt: skip


def _wrong(plan: Plan[Any]) -> list[Problem]:
    return sorted(plan.problems, key=lambda problem: problem.row)
