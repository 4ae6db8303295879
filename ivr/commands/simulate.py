"""`python app.py simulate`: a season of bookings, visits and killed processes, and what must hold afterwards."""

from __future__ import annotations

import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from booking.simulation.plan import Plan
from booking.simulation.season import PAST, Report, SeasonError, simulate
from models.restore import occupied
from models.store import Store, StoreError

DAYS = click.DateTime(["%Y-%m-%d"])
FOLDER = click.Path(file_okay=False, path_type=Path)
FULL = Plan()


@click.command()
@click.option("--days", type=click.IntRange(1, 3660), default=FULL.days, show_default=True, help="How long.")
@click.option("--first", type=DAYS, default=FULL.first.isoformat(), show_default=True, help="The first day.")
@click.option("--bookings", type=click.IntRange(1), default=FULL.bookings, show_default=True, help="A day.")
@click.option("--cities", type=click.IntRange(1), default=FULL.cities, show_default=True, help="How many.")
@click.option("--executives", type=click.IntRange(1), default=FULL.executives, show_default=True, help="How many.")
@click.option("--kills", type=click.IntRange(0), default=FULL.kills, show_default=True, help="Processes killed.")
@click.option("--workers", type=click.IntRange(1, 64), default=FULL.workers, show_default=True, help="Processes.")
@click.option("--seed", type=int, default=FULL.seed, show_default=True, help="Of all that is random.")
@click.option("--url", help="An empty store to use and keep.  [default: SQLite in the folder]")
@click.option("--folder", type=FOLDER, help="Where it is kept, and gone on with when it was broken off.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(first: datetime, url: str | None, folder: Path | None, as_json: bool, **numbers: int) -> None:
    """Simulate a season in a store of its own and check every invariant; exit 1 when one is broken.

    The full season takes hours: about 10 ms of one core for each booking with all that comes of it. Name a folder to
    be able to break it off and to go on with it.
    """
    logging.getLogger("booking").setLevel(logging.ERROR)  # notices that fail are part of it
    plan = Plan(first=first.date(), **numbers)
    try:
        with _home(folder) as home:
            report = simulate(_place(url, home), plan, home, _progress(plan))
    except (StoreError, SeasonError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(asdict(report), indent=2) if as_json else _text(plan, report))
    raise SystemExit(1 if report.broken else 0)


@contextmanager
def _home(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="mitan-season-") as name:
            yield Path(name)
        return
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


def _place(url: str | None, home: Path) -> str:
    if url is None:
        return f"sqlite:///{home.resolve() / 'season.db'}"
    store = Store(url)
    there = sum(occupied(store).values())
    store.close()
    if there and not (home / PAST).exists():
        raise StoreError(f"{store.place} has {there} rows: a season needs an empty store of its own.")
    return url


def _progress(plan: Plan) -> Callable[[date], None]:
    began, here = time.monotonic(), 0  # days done since this process began

    def told(day: date) -> None:
        nonlocal here
        here += 1
        done = (day - plan.first).days + 1
        left = (time.monotonic() - began) / here * (plan.days - done)
        click.echo(f"{day}  {done} of {plan.days} days, about {left / 60:.0f} min left", err=True)

    return told


def _text(plan: Plan, report: Report) -> str:
    lines = [
        f"{plan.first} to {plan.last}: {plan.bookings} bookings a day in {plan.cities} cities, {plan.executives} "
        f"executives, {plan.workers} processes, {report.kills} kills; {report.seconds:.0f} s",
        "\nwhat was done",
        *(f"  {n:9,}  {what}" for what, n in report.outcomes.items()),
        "\nthe store afterwards",
        *(f"  {n:9,}  {what}" for what, n in report.figures.items()),
        "",
        *(f"BROKEN: {what}" for what in report.broken),
    ]
    return "\n".join(lines if report.broken else [*lines, "every invariant holds"])
