"""`python app.py account`: accounts of people who sign in; the first administrator is made here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from booking.accounts import credentials, passwords, people, second_step
from booking.accounts.people import NewAccount
from booking.accounts.roles import ROLES
from booking.audit import COMMAND_LINE
from booking.errors import BookingError, NotFound
from booking.zone import local
from ivr.clock import Clock
from ivr.commands.table import table
from ivr.settings import SettingsError, load
from models.accounts import Account
from models.store import Store, StoreError

HEAD = ("login", "name", "roles", "state", "second step", "last sign-in")
ASKED = "Print a made-up password, instead of asking for one; it has to be changed at the first sign-in."


@click.group()
def command() -> None:
    """Make, list, reset, lock and unlock accounts of people who sign in."""


@command.command()
@click.argument("login")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be given again.")
@click.option("--name", default="", help="What the person is called; else the login.")
@click.option("--language", type=click.Choice(("hi", "en")), default="hi", show_default=True)
@click.option("--print", "printed", is_flag=True, help=ASKED)
def new(login: str, roles: tuple[str, ...], name: str, language: str, printed: bool) -> None:
    """Make the account LOGIN; its password is asked for."""
    password = _password(login, printed)
    given = NewAccount(login, name or people.tidy_login(login), roles, language)
    with _session() as session:
        now = Clock().now()
        account = people.create(session, now, COMMAND_LINE, given)
        credentials.set_password(session, now, COMMAND_LINE, account.id, password)
        account.must_change = printed  # one that is typed here is taken for the person's own
    click.echo(f"{account.login}: made, {', '.join(account.roles)}", err=True)
    _show(password, printed)


@command.command("list")
def list_() -> None:
    """Show all accounts."""
    with _session() as session:
        rows = [_row(account) for account in people.everybody(session)]
    click.echo(table((HEAD, *rows)) if rows else "no accounts")


@command.command()
@click.argument("login")
@click.option("--print", "printed", is_flag=True, help=ASKED)
@click.option("--second-step-off", is_flag=True, help="Also ask for no codes any more, when the phone is lost.")
def reset(login: str, printed: bool, second_step_off: bool) -> None:
    """Set another password for the account LOGIN and sign it out everywhere."""
    password = _password(login, printed)
    with _session() as session:
        account, now = _known(session, login), Clock().now()
        if second_step_off:
            second_step.stop(session, now, COMMAND_LINE, account.id)
        credentials.set_password(session, now, COMMAND_LINE, account.id, password)
    click.echo(f"{account.login}: new password, to be changed at the next sign-in; signed out everywhere", err=True)
    _show(password, printed)


@command.command()
@click.argument("login")
def lock(login: str) -> None:
    """Let nobody in with the account LOGIN."""
    with _session() as session:
        account = _known(session, login)
        people.lock(session, Clock().now(), COMMAND_LINE, account.id)
        click.echo(f"{account.login}: locked")


@command.command()
@click.argument("login")
def unlock(login: str) -> None:
    """Let people in with the account LOGIN again."""
    with _session() as session:
        account = _known(session, login)
        people.unlock(session, Clock().now(), COMMAND_LINE, account.id)
        click.echo(f"{account.login}: open")


def _password(login: str, printed: bool) -> str:
    """A made-up password, or the one that is typed; asked outside any transaction, as people take their time."""
    if printed:
        return passwords.made_up()
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        passwords.check(typed, people.tidy_login(login), load().accounts.password_min)
    except (SettingsError, BookingError) as error:
        raise click.ClickException(str(error)) from None
    return typed


def _show(password: str, printed: bool) -> None:
    if printed:
        click.echo("Keep the password now, it is not shown again:", err=True)
        click.echo(password)


def _known(session: Session, login: str) -> Account:
    account = people.by_login(session, login)
    if account is None:
        raise NotFound(f"account {login}")
    return account


def _row(account: Account) -> tuple[str, ...]:
    state = "locked" if account.locked_at else "open" if account.password_hash else "no password"
    seen = f"{local(account.last_sign_in_at):%Y-%m-%d %H:%M}" if account.last_sign_in_at else "never"
    step = "on" if account.totp_secret else "off"
    return (account.login, account.name, ",".join(account.roles), state, step, seen)


@contextmanager
def _session() -> Iterator[Session]:
    """A transaction on the configured store."""
    try:
        store = Store(load().store_url)
        store.ready()
        with store.begin() as session:
            yield session
    except (SettingsError, StoreError, BookingError) as error:
        raise click.ClickException(str(error)) from None
    store.close()
