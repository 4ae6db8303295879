"""`python app.py serve`: make everything ready and serve calls and pages."""

from __future__ import annotations

import click
from alembic.util import CommandError

from dialogs.flow import FlowError
from ivr.application import serve
from ivr.assembly import Application, Pages, build
from ivr.commands.prepare import make_ready
from ivr.logs import configure
from ivr.settings import SettingsError, load
from models.store import StoreError
from prompts.errors import PromptError


@click.command(help="Make everything ready (store, prompts, models) and serve calls and pages.")
@click.option("--download/--no-download", default=True, help="Fetch models that are not there.", show_default=True)
@click.pass_obj
def command(pages: Pages | None, download: bool) -> None:
    """Serve until interrupted."""
    try:
        settings = load()
        configure(settings)
        models = make_ready(settings, download)
        application = build(settings, models=models)
    except (SettingsError, StoreError, FlowError, PromptError, CommandError) as error:
        raise click.ClickException(str(error)) from None
    _greet(application)
    serve(application, pages)


def _greet(application: Application) -> None:
    address = application.address.local()
    click.echo("")
    if application.exchange:
        click.secho(f"  Browser phone: {address}/phone", fg="green", bold=True)
    click.echo(f"  What works:    {address}/readyz")
    for name, part in application.parts().items():
        if not part.works:
            click.secho(f"  Missing ({name}):", fg="yellow")
            for line in part.detail.splitlines():
                click.secho(f"    {line}", fg="yellow")
    click.echo("")
