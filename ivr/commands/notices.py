"""`python app.py notices`: what citizens were sent, and what did not reach them."""

from __future__ import annotations

from collections.abc import Sequence

import click
from sqlalchemy import select

from booking.phone import mask
from booking.privacy import masked
from booking.templates import registered
from booking.wording import Notices
from booking.zone import local
from ivr.commands.configured import configured
from ivr.commands.table import table
from ivr.helpline import present_wording
from models.notices import STATES, Notice

HEAD = ("id", "since", "about", "event", "to", "tries", "state", "why")
FAILED = ("failed", "undelivered")


@click.command()
@click.option("--failed", is_flag=True, help="Only what was given up or did not reach the telephone.")
@click.option("--state", type=click.Choice(STATES), help="Only notices in this state.")
@click.option("--templates", is_flag=True, help="Instead the templates to register with the operators, with their ids.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
def command(failed: bool, state: str | None, templates: bool, limit: int) -> None:
    """Show notices, the newest first. Numbers are masked, texts are not shown."""
    states = (state,) if state else FAILED if failed else STATES
    wanted = select(Notice).where(Notice.state.in_(states)).order_by(Notice.id.desc()).limit(limit)
    with configured() as (settings, store), store.read() as session:
        found = () if templates else session.scalars(wanted).all()
        click.echo(_templates(present_wording(settings, session)) if templates else _table(found))


def _templates(wording: Notices) -> str:
    """Every template as `channel.event.language`, its id and its text with {#var#} for each variable."""
    typed = wording.typed
    return "\n".join(
        f"{key}\t{wording.template_ids.get(key, '-')}\t{registered(text, typed, language)}"
        for channel in wording.channels
        for event, texts in wording.texts.items()
        for language, text in texts.items()
        for key in [f"{channel}.{event}.{language}"]
    )


def _table(found: Sequence[Notice]) -> str:
    return table([HEAD, *(_row(n) for n in found)]) if found else "no notices"


def _row(notice: Notice) -> tuple[str, ...]:
    since = notice.receipt_at or notice.sent_at or notice.due_at
    # A notice about no record is named by what was asked for, with the number.
    about = notice.subject if notice.subject.replace(":", "").isalnum() else notice.subject.partition("/")[0]
    return (
        str(notice.id),
        f"{local(since):%Y-%m-%d %H:%M}",
        about,
        notice.event,
        mask(notice.recipient),
        str(notice.attempts),
        notice.state,
        masked(notice.error or ""),
    )
