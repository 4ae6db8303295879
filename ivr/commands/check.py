"""`python app.py check`: the prompts, phrases and flows."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.checking import findings
from ivr.settings import ROOT, SettingsError
from ivr.settings import load as load_settings
from ivr.trials.rehearsal import rehearse
from prompts import folder


@click.command(
    help="Check prompts, phrases, flows and notices; print one problem a line as file:key and exit 1 if there is any."
)
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=ROOT / "prompts",
    show_default="prompts/",
    help="Folder of the prompts.",
)
@click.option("--conversations", is_flag=True, help="Play whole conversations, too (about ten seconds).")
def command(root: Path, conversations: bool) -> None:
    """Print every problem; exit 1 when one is more than a warning."""
    errors, warnings = findings(root)
    errors += _notice_lines()
    if conversations and not errors:
        faults = rehearse(folder.texts(root))
        errors += [str(fault) for fault in faults.errors]
        warnings += [str(fault) for fault in faults.doubts]
    for line in (*errors, *warnings):
        click.echo(line)
    click.echo(f"{len(errors)} errors, {len(warnings)} warnings", err=True)
    if errors:
        raise SystemExit(1)


def _notice_lines() -> list[str]:
    """The problems of the notices under this helpline's name and registered templates."""
    from booking.wording_check import problems
    from ivr.helpline import wording_of

    try:
        return [f"models/seed/notices.yaml:{problem}" for problem in problems(wording_of(load_settings()))]
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
