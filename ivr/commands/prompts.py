"""`python app.py prompts`: editions of prompts and phrases, published to all processes without a restart."""

from __future__ import annotations

import getpass
import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from booking.zone import local
from dialogs.flow import FlowError
from ivr import filed_recordings
from ivr.checking import findings
from ivr.clock import Clock
from ivr.commands.configured import configured
from ivr.commands.moments import moment
from ivr.commands.table import table
from ivr.helpline import PROMPTS, catalogue_of
from ivr.names import ids_of
from ivr.trials import keeping
from ivr.trials.rehearsal import rehearse as play_all
from models.editions import Edition
from models.trials import Trial
from prompts import folder
from prompts.body import Body
from prompts.carrying import carry_out, plan, take_back, without
from prompts.contents import with_names
from prompts.editions import FIRST, Publication, body_of, current, published
from prompts.errors import PromptError
from prompts.importing import differing, drafted
from prompts.packing import unpacked

POLITE = 10  # of nice
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
    wrong += [] if wrong else [str(fault) for fault in play_all(folder.texts(root)).errors]
    for line in (*wrong, *doubtful):
        click.echo(line, err=True)
    if wrong:
        raise click.ClickException(f"nothing was published: {len(wrong)} errors, see above")
    with _refusing(), configured() as (settings, store):
        what, files = Publication(getpass.getuser(), note, from_at), folder.texts(root)
        with store.read() as session:
            found = filed_recordings.read(session, settings.speech.level_dbfs, root, files)
        with store.begin() as session:
            recordings = filed_recordings.keep_all(session, Clock().now(), what.author, found)
            made = _published(session, what, Body(files, recordings))
        click.echo(f"edition {made.id} counts for calls from {local(made.from_at):%d.%m.%Y %H:%M:%S} on")


@command.command()
@click.argument("edition", type=click.IntRange(min=0))
@NOTE
def rollback(edition: int, note: str) -> None:
    """Publish EDITION again (0: the files of the product)."""
    with _refusing(), configured() as (_, store), store.begin() as session:
        what = Publication(getpass.getuser(), note)
        made = _published(session, what, body_of(session, edition, folder.texts(PROMPTS)), edition)
        click.echo(f"edition {made.id} is edition {edition} again")


@command.command()
@click.argument("trial", type=click.IntRange(min=1))
def rehearse(trial: int) -> None:
    """Play conversations with the files of TRIAL and note what comes of it (the pages call this)."""
    os.nice(POLITE)  # calls under way come first
    with _refusing(), configured() as (_, store):
        with store.read() as session:
            row = session.get(Trial, trial)
        if row is None:
            raise click.ClickException(f"trial {trial}: there is none")
        try:
            faults = play_all(row.files, lambda done, number: keeping.progress(store, trial, done, number))
        except FlowError as error:
            raise click.ClickException(str(error)) from None
        keeping.ended(store, Clock().now(), trial, faults)


@command.command()
@click.argument("edition", type=click.IntRange(min=0))
@click.argument("root", type=click.Path(path_type=Path, file_okay=False))
def export(edition: int, root: Path) -> None:
    """Write the files of EDITION, and its recordings as WAV, into the folder ROOT."""
    with _refusing(), configured() as (_, store), store.read() as session:
        body = body_of(session, edition, folder.texts(PROMPTS))
        folder.write(body.files, root)
        filed_recordings.write(session, body.recordings, root)
        click.echo(f"edition {edition} is in {root}")


@command.command("take-back")
@click.argument("edition", type=click.IntRange(min=1))
def take_back_(edition: int) -> None:
    """Take EDITION back, whose time has not come; a draft that it was made of is open again."""
    with _refusing(), configured() as (_, store), store.begin() as session:
        now = Clock().now()
        take_back(session, now, getpass.getuser(), edition, without(session, now, edition, folder.texts(PROMPTS)))
        click.echo(f"edition {edition} will not be heard")


def _published(session: Session, what: Publication, body: Body, copy_of: int | None = None) -> Edition:
    """A new edition, carried into those that wait for their time; where they change the same, theirs stays."""
    now = Clock().now()
    planned = plan(session, now, what.from_at, body, folder.texts(PROMPTS))
    for clash in planned.clashes:
        click.echo(f"edition {clash.edition} keeps its own {clash.spot.language} {clash.spot.key}", err=True)
    return carry_out(session, now, what, planned, copy_of)


@command.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--name", required=True, help="The name of the new draft.")
def import_(source: Path, name: str) -> None:
    """Make a draft of what SOURCE says otherwise than what counts now: a folder, or a zip file."""
    with _refusing(), configured() as (settings, store), tempfile.TemporaryDirectory(prefix="mitan-import-") as made:
        root = source if source.is_dir() else Path(made)
        files = folder.texts(root) if source.is_dir() else _unpacked(source, root)
        ids = ids_of(catalogue_of(store))
        with store.read() as session:
            present = body_of(session, current(session, Clock().now()), folder.texts(PROMPTS)).files
            found = filed_recordings.read(session, settings.speech.level_dbfs, root, {**present, **files})
        with store.begin() as session:
            recordings = filed_recordings.keep_all(session, Clock().now(), getpass.getuser(), found)
            draft, number = _drafted(session, name, Body(files, recordings), ids)
        click.echo(f"draft {draft} changes {number} texts or recordings: look at /admin/prompts/{draft}/publish")


def _unpacked(source: Path, into: Path) -> dict[str, str]:
    with source.open("rb") as file:
        return unpacked(file, into)


def _drafted(session: Session, name: str, body: Body, ids: Mapping[str, Iterable[str]]) -> tuple[int, int]:
    """The draft's number, and how much it changes."""
    now = Clock().now()
    present = current(session, now)
    base = with_names(body_of(session, present, folder.texts(PROMPTS)).every, ids)
    changes, refused = differing(body, base)
    for one in refused:
        click.echo(f"{one.spot.language}: {one.spot.key}: {one.why}", err=True)
    if refused:
        raise click.ClickException(f"nothing was taken over: {len(refused)} texts, see above")
    return drafted(session, now, getpass.getuser(), (name, present), changes).id, len(changes)


class _refusing:  # noqa: N801  # reads as a statement
    """What is refused ends the command with its sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PromptError):
            raise click.ClickException(str(error)) from None


def _row(edition: Edition, now: int) -> tuple[str, ...]:
    again = f" (edition {edition.copy_of} again)" if edition.copy_of is not None else ""
    if edition.withdrawn_at is not None:
        now = -1
        again += f" (now edition {edition.carried_to})" if edition.carried_to else " (taken back)"
    when = f"{local(edition.from_at):%d.%m.%Y %H:%M:%S}"
    return str(edition.id), when, edition.author, f"{edition.note}{again}", "now" if edition.id == now else ""
