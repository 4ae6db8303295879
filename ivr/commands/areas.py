"""`python app.py areas`: the areas of cities, each with its own team and slots."""

from __future__ import annotations

from pathlib import Path

import click

from booking.areas import areas
from booking.services import cities
from booking.tables.areas import Areas
from ivr.commands.configured import configured
from ivr.commands.importing import columns_of, import_file
from ivr.commands.table import table
from models.areas import Area

HEAD = ("id", "city", "kind", "name", "places", "PIN codes")


@click.group()
def command() -> None:
    """Import and list the areas of cities: wards, or rings of villages."""


@command.command("import", epilog=columns_of(Areas()))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Take over the areas in FILE (CSV UTF-8 or Excel) and make their slots: new ones are added, known ids are changed.

    From then on their cities are booked area by area. Every row is checked first; when one is wrong, nothing is taken
    over.
    """
    with configured() as (settings, store), store.begin() as session:
        plan, told = import_file(settings, session, Areas(), file)
        click.echo("; ".join([f"{len(plan.steps)} areas taken over", *told]))


@command.command("list")
def list_() -> None:
    """Show the areas of all cities."""
    with configured() as (_, store), store.read() as session:
        rows = [HEAD, *(_row(a) for city in cities(session) for a in areas(session, city.id))]
    if len(rows) == 1:
        click.echo("no areas: every city is booked as a whole")
        return
    click.echo(table(rows))


def _row(area: Area) -> tuple[str, ...]:
    return (area.id, area.city_id, area.kind, area.en, str(len(area.places)), " ".join(area.pins) or "-")
