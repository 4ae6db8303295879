"""`python app.py backup`: the whole store in one file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ivr.clock import ZONE
from ivr.settings import SettingsError, load
from models.backup import back_up
from models.store import Store, StoreError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write the whole store, voice notes too, to the new FILE (a zip); the server may go on meanwhile.

    Keep it as you keep the store itself: everything that is known of citizens is in it.
    """
    try:
        store = Store(load().store_url)
        manifest = back_up(store, datetime.now(ZONE), file)
        store.close()
    except (SettingsError, StoreError) as error:
        raise click.ClickException(str(error)) from None
    size = file.stat().st_size / 1e6
    click.echo(f"{file}: {manifest.rows} rows of {len(manifest.tables)} tables, {size:.1f} MB; from {store.place}")
