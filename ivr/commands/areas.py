"""`python app.py areas`: the areas of cities, each with its own team and slots."""

from __future__ import annotations

from pathlib import Path

import click

from booking import catalogue_version
from booking.area_file import FURTHER, NEEDED, read_areas, save_areas
from booking.areas import areas
from booking.seats import ensure_slots
from booking.services import cities
from ivr.clock import Clock
from ivr.commands.configured import configured
from ivr.commands.table import table
from ivr.helpline import rules_of
from models.areas import Area

HEAD = ("id", "city", "kind", "name", "places", "PIN codes")


@click.group()
def command() -> None:
    """Import and list the areas of cities: wards, or rings of villages."""


@command.command("import", epilog=f"Columns: {', '.join(NEEDED)}; also {', '.join(FURTHER)}. Places with ; between.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Take over the areas in FILE (CSV UTF-8) and make their slots: new ones are added, known ids are changed.

    From then on their cities are booked area by area. Every row is checked first; when one is wrong, nothing is taken
    over.
    """
    with configured() as (settings, store), store.begin() as session:
        found, problems = read_areas(session, file.read_bytes())
        if problems:
            for problem in problems:
                click.echo(f"{file.name}: {problem}", err=True)
            raise click.ClickException(f"{len(problems)} problems: nothing was taken over.")
        save_areas(session, found)
        catalogue_version.touch(session)
        slots = ensure_slots(session, Clock().now(), rules_of(settings))
        click.echo(f"{len(found)} areas taken over, {slots} slots added")


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
