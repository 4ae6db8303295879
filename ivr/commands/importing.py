"""A file of rows is taken over into one of the tables that administrators keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from booking.audit import COMMAND_LINE
from booking.sheets.reading import grid
from booking.tables.changing import Plan, alone, carry_out, planned
from booking.tables.reading import lines_of
from booking.tables.table import Hand, Table
from ivr.clock import Clock
from ivr.helpline import present_wording, rules_of
from ivr.settings import Settings


def columns_of(table: Table[Any]) -> str:
    """What a file for this table has, for the help text."""
    return f"Columns: {', '.join(table.needed)}; also {', '.join(table.further)}. Several values with ; between."


def import_file(settings: Settings, session: Session, table: Table[Any], file: Path) -> tuple[Plan[Any], list[str]]:
    """Take over the rows of a CSV or Excel file, all or none; what was done, and what is to be said of it.

    Raises ClickException after naming every problem.
    """
    alone(session)
    plan = planned(session, table, lines_of(table, grid(file.read_bytes())))
    if plan.problems:
        for problem in plan.problems:
            click.echo(f"{file.name}: {problem}", err=True)
        raise click.ClickException(f"{len(plan.problems)} problems: nothing was taken over.")
    hand = Hand(Clock().now(), COMMAND_LINE, rules_of(settings), present_wording(settings, session))
    return plan, [str(told).removesuffix(".") for told in carry_out(session, hand, table, plan)]
