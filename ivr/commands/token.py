"""`python app.py token`: make, list and revoke the tokens of programs that use the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from sqlalchemy.orm import Session

from booking import access
from booking.access import SCOPES, NewToken
from booking.zone import local
from ivr.clock import Clock
from ivr.commands.configured import configured
from ivr.commands.table import table
from models.access import ApiToken

HEAD = ("id", "name", "office", "until", "last used", "scopes")


@click.group()
def command() -> None:
    """Make, list and revoke the tokens of programs that use the API."""


@command.command(epilog="Scopes: " + ", ".join(SCOPES))
@click.argument("name")
@click.option("--scopes", required=True, help="What it may do: names separated by commas.")
@click.option("--office", default="", help="The office whose complaints it handles.")
@click.option("--days", type=click.IntRange(1, 3660), help="For how many days it is good; else until it is revoked.")
def new(name: str, scopes: str, office: str, days: int | None) -> None:
    """Make a token for the program NAME and print it: it is shown this once only."""
    now = Clock().now()
    wanted = [s.strip() for s in scopes.split(",") if s.strip()]
    until = now + timedelta(days=days) if days else None
    with _session() as session:
        row, secret = access.issue(session, now, NewToken(name, wanted, office.strip(), until))
        click.echo(f"Token {row.id} for {row.name}. Keep it now, it is not shown again:", err=True)
    click.echo(secret)


@command.command("list")
def list_() -> None:
    """Show all tokens, the newest first; not the tokens themselves, which nobody knows."""
    with _session() as session:
        rows = [HEAD, *(_row(t) for t in access.tokens(session))]
    if len(rows) == 1:
        click.echo("no tokens")
        return
    click.echo(table(rows))


@command.command()
@click.argument("token")
def revoke(token: str) -> None:
    """Make the token with the id TOKEN useless from now on."""
    with _session() as session:
        row = access.revoke(session, Clock().now(), token)
        click.echo(f"{row.name}: revoked")


@contextmanager
def _session() -> Iterator[Session]:
    """A transaction on the configured store."""
    with configured() as (_, store), store.begin() as session:
        yield session


def _row(token: ApiToken) -> tuple[str, ...]:
    until = f"{local(token.expires_at):%Y-%m-%d}" if token.expires_at else "-"
    used = f"{local(token.last_used_at):%Y-%m-%d %H:%M}" if token.last_used_at else "never"
    return (token.id, token.name, token.office or "-", "revoked" if token.revoked_at else until, used,
            ",".join(token.scopes))  # fmt: skip
