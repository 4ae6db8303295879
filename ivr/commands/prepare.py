"""`python app.py prepare`: the store migrated and seeded, the prompts spoken, the models fetched."""

from __future__ import annotations

import click

from ivr.assembly import prepared_store
from ivr.clock import Clock
from ivr.helpline import PROMPTS, helpline
from ivr.logs import configure
from ivr.settings import Settings, SettingsError, load
from ivr.speech.models import Models, load_models
from ivr.speech.prepare import prepare
from ivr.speech.speak import Speaker
from models.store import StoreError


@click.command(help="Migrate and seed the store, prepare spoken prompts, get the models.")
@click.option("--download/--no-download", default=True, help="Fetch models that are not there.", show_default=True)
def command(download: bool) -> None:
    """Prepare everything, saying what is done and what is missing."""
    try:
        settings = load()
        configure(settings)
        models = make_ready(settings, download)
    except (SettingsError, StoreError) as error:
        raise click.ClickException(str(error)) from None
    for sentence in (*models.missing.values(), *models.warnings):
        click.secho(sentence, fg="yellow")


def make_ready(settings: Settings, download: bool = True) -> Models:
    """Do it all and return the models; a missing voice or model is no error. Raises StoreError."""
    clock = Clock()
    store = prepared_store(settings, clock)
    shared = helpline(settings, store, clock)
    catalogue = shared.flow.catalogue
    click.echo(f"Store: {store.place}, {len(catalogue.services)} services in {len(catalogue.cities)} cities.")
    speaker = Speaker(settings.speech, settings.server.var_dir / "speech", PROMPTS)
    try:
        done = prepare(shared.prompts.fixed_sentences(), speaker)
    finally:
        speaker.stop()
        store.close()
    click.echo(f"Prompts: {done.made} spoken now, {done.kept} kept" + (f"; {done.problem}" if done.failed else "."))
    models = load_models(settings.speech, click.echo, download)
    click.echo(f"Models: {', '.join(models.loaded) or 'none'}.")
    return models
