"""`python app.py prompts`: editions of prompts and phrases, published to all processes without a restart."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path

import click

from booking.zone import local
from ivr import filed_recordings
from ivr.checking import findings
from ivr.clock import Clock
from ivr.commands.configured import configured
from ivr.commands.moments import moment
from ivr.commands.table import table
from ivr.helpline import PROMPTS
from models.editions import Edition
from prompts import folder
from prompts.editions import FIRST, Beside, Publication, current, files_of, publish, published, recordings_of, roll_back
from prompts.errors import PromptError

HEAD = ("edition", "from", "author", "what for", "")
NOTE = click.option("--note", required=True, help="What has changed, for those who read the list later.")


@click.group()
def command() -> None:
    """Publish prompts and phrases, list editions, go back to one. Calls under way keep theirs."""


@command.command("list")
def list_() -> None:
    """The editions, the newest first."""
    with configured() as (_, store), store.read() as session:
        now = current(session, Clock().now())
        rows = [_row(edition, now) for edition in published(session)]
        rows.append((str(FIRST), "", "", "the files of the product", "now" if now == FIRST else ""))
        click.echo(table([HEAD, *rows]))


@command.command("publish")
@click.argument("root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=PROMPTS)
@NOTE
@click.option("--from", "from_at", callback=moment, help="From when on (ISO 8601; without a zone: Indian time).")
def publish_(root: Path, note: str, from_at: datetime | None) -> None:
    """Publish the prompts, phrases and recordings in ROOT (default: prompts/); new calls take them within seconds."""
    wrong, doubtful = findings(root)
    for line in (*wrong, *doubtful):
        click.echo(line, err=True)
    if wrong:
        raise click.ClickException(f"nothing was published: {len(wrong)} errors, see above")
    with _refusing(), configured() as (settings, store):
        what, files = Publication(getpass.getuser(), note, from_at), folder.texts(root)
        with store.read() as session:
            found = filed_recordings.read(session, settings.speech.level_dbfs, root, files)
        with store.begin() as session:
            beside = Beside(filed_recordings.keep_all(session, Clock().now(), what.author, found))
            made = publish(session, Clock().now(), what, files, beside)
        click.echo(f"edition {made.id} counts for calls from {local(made.from_at):%d.%m.%Y %H:%M:%S} on")


@command.command()
@click.argument("edition", type=click.IntRange(min=0))
@NOTE
def rollback(edition: int, note: str) -> None:
    """Publish EDITION again (0: the files of the product)."""
    with _refusing(), configured() as (_, store), store.begin() as session:
        what = Publication(getpass.getuser(), note)
        made = roll_back(session, Clock().now(), what, edition, folder.texts(PROMPTS))
        click.echo(f"edition {made.id} is edition {edition} again")


@command.command()
@click.argument("edition", type=click.IntRange(min=0))
@click.argument("root", type=click.Path(path_type=Path, file_okay=False))
def export(edition: int, root: Path) -> None:
    """Write the files of EDITION, and its recordings as WAV, into the folder ROOT."""
    with _refusing(), configured() as (_, store), store.read() as session:
        folder.write(files_of(session, edition, folder.texts(PROMPTS)), root)
        filed_recordings.write(session, recordings_of(session, edition), root)
        click.echo(f"edition {edition} is in {root}")


class _refusing:  # noqa: N801  # reads as a statement
    """What is refused ends the command with its sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PromptError):
            raise click.ClickException(str(error)) from None


def _row(edition: Edition, now: int) -> tuple[str, ...]:
    again = f" (edition {edition.copy_of} again)" if edition.copy_of is not None else ""
    when = f"{local(edition.from_at):%d.%m.%Y %H:%M:%S}"
    return str(edition.id), when, edition.author, f"{edition.note}{again}", "now" if edition.id == now else ""
