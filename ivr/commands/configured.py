"""The settings and the store that a command works with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from booking.errors import BookingError
from ivr.settings import Settings, SettingsError, load
from models.store import Store, StoreError


@contextmanager
def configured() -> Iterator[tuple[Settings, Store]]:
    """The settings and their store, ready to use; what is refused ends the command with its sentence."""
    try:
        settings = load()
        with closing(Store(settings.store_url)) as store:
            store.ready()
            yield settings, store
    except (SettingsError, StoreError, BookingError) as error:
        raise click.ClickException(str(error)) from None
