"""`python app.py executives`: the team, its absences and its day sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from booking.absences import absent as note_absence
from booking.actors import Actor
from booking.assigning import Report
from booking.daysheet import as_csv, day_sheet
from booking.executives import executives
from booking.phone import mask
from booking.tables.executives import DAYS, Executives
from booking.unreported import unreported as overdue_visits
from booking.zone import local
from ivr.clock import Clock
from ivr.commands.configured import configured
from ivr.commands.importing import columns_of, import_file
from ivr.commands.table import table
from ivr.helpline import present_wording, rules_of
from ivr.settings import Settings
from models.executives import Executive

VISITS = ("number", "visit", "city", "area", "executive", "stage")
HEAD = ("id", "name", "city", "area", "mobile", "days", "visits a day", "since", "until")
OPERATOR = Actor("admin", "command-line")
DAY = click.DateTime(formats=["%Y-%m-%d", "%d-%m-%Y"])


@click.group()
def command() -> None:
    """Import and list executives, note absences, write day sheets."""


@command.command("import", epilog=columns_of(Executives()))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Take over the executives in FILE (CSV UTF-8 or Excel): new ones are added, known ids are changed.

    Every row is checked first; when one is wrong, nothing is taken over.
    """
    with configured() as (settings, store), store.begin() as session:
        plan, told = import_file(settings, session, Executives(), file)
        new, changed = len(plan.keys("new")), len(plan.keys("changed"))
        click.echo("; ".join([f"{new} executives added, {changed} changed", *told]))


@command.command("list")
@click.option("--city", help="Only those of the city with this id.")
def list_(city: str | None) -> None:
    """Show the executives; mobile numbers are masked."""
    with _session() as (_, session):
        team = executives(session, city)
        click.echo(table([HEAD, *(_row(e) for e in team)]) if team else "no executives")


@command.command()
@click.argument("executive", metavar="ID")
@click.argument("day", type=DAY)
@click.option("--reason", default="", help="Why; for the record, nobody is told.")
def absent(executive: str, day: datetime, reason: str) -> None:
    """Note that the executive ID does not work on DAY; the visits of that day go to others, and citizens are told."""
    with configured() as (settings, store), store.begin() as session:
        wording = present_wording(settings, session)
        report = note_absence(session, Clock().now(), executive, day.date(), OPERATOR, reason=reason, wording=wording)
        click.echo(f"absent on {day:%Y-%m-%d}{_moved(report)}")


@command.command()
@click.argument("executive", metavar="ID")
@click.argument("day", type=DAY)
@click.option("--language", type=click.Choice(["hi", "en"]), default="hi", show_default=True, help="Of the headings.")
def daysheet(executive: str, day: datetime, language: str) -> None:
    """Write the day sheet of the executive ID on DAY as CSV, for a spreadsheet. It has citizens' numbers in full."""
    with _session() as (settings, session):
        rows = day_sheet(session, rules_of(settings), executive, day.date())
        click.echo(as_csv(rows, language, present_wording(settings, session)), nl=False)


@command.command()
@click.option("--city", help="Only those in the city with this id.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="At most so many.")
def unreported(city: str | None, limit: int) -> None:
    """Show visits that should be over and of which nobody has said how they went, the oldest first."""
    with _session() as (settings, session):
        found = overdue_visits(session, Clock().now(), rules_of(settings), city, limit)
        rows = [(b.number, f"{local(b.starts_at):%Y-%m-%d %H:%M}", b.city_id, b.slot.area or "-",
                 b.executive_id or "-", b.stage) for b in found]  # fmt: skip
        click.echo(table([VISITS, *rows]) if rows else "no visits without a word")


@contextmanager
def _session() -> Iterator[tuple[Settings, Session]]:
    """A reading session on the configured store."""
    with configured() as (settings, store), store.read() as session:
        yield settings, session


def _moved(report: Report) -> str:
    """What became of their visits."""
    given = f"; {report.assigned} visits given to others" if report.assigned else ""
    free = f"; nobody is free for {', '.join(report.nobody_free)}" if report.nobody_free else ""
    return given + free


def _row(executive: Executive) -> tuple[str, ...]:
    return (
        executive.id,
        executive.en,
        executive.city_id,
        executive.area or "-",
        mask(executive.mobile),
        " ".join(DAYS[n] for n in executive.weekdays),
        str(executive.capacity),
        _day(executive.since),
        _day(executive.until),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else "-"
