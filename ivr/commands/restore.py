"""`python app.py restore`: a backup put back into a store of either kind."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.settings import SettingsError, load
from models.backup import opened
from models.restore import occupied, restore
from models.store import Store, StoreError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Delete what is in the store; asks first.")
@click.option("--yes", is_flag=True, help="With --replace: do not ask.")
def command(file: Path, replace: bool, yes: bool) -> None:
    """Put the backup FILE into the configured store, SQLite or PostgreSQL, whichever it came from.

    Stop the server first. The file is checked before anything is changed; afterwards every table is compared with it.
    """
    try:
        with opened(file) as (_, manifest):
            click.echo(f"{file}: {manifest.rows} rows, made {manifest.made_at}")
        store = Store(load().store_url)
        if replace and not yes:
            _ask(store)
        restore(store, file, replace=replace)
        store.close()
    except (SettingsError, StoreError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{store.place}: restored and compared")


def _ask(store: Store) -> None:
    there = occupied(store)
    named = ", ".join(
        f"{there[t]} {t}" for t in ("bookings", "complaints", "conversations", "voice_notes") if t in there
    )
    if there:
        click.confirm(f"{store.place} has {sum(there.values())} rows ({named}). Delete them all?", abort=True)
