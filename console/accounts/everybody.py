"""The administrators' pages: everybody's accounts."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, g, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.accounts import credentials, people, second_step, sign_ins
from booking.accounts.errors import AccountError
from booking.accounts.people import NewAccount
from booking.accounts.roles import ADMINISTRATOR, ROLES
from booking.audit import Deed
from booking.errors import NotFound
from console import person
from console.accounts import queues
from console.accounts.parts import known_account, onward, said, show, typed
from console.deps import deps
from console.desk.queues import names
from console.words import LANGUAGES
from ivr.gate import open_to
from models.accounts import Account

PAGE = "accounts.one"
for_administrators = open_to(ADMINISTRATOR)


@open_to(ADMINISTRATOR, seen="accounts")
def everybody() -> Response:
    """The list."""
    with deps().store.read() as store:
        found = people.everybody(store)
        linked = {a.id for a in found if not a.password_hash and credentials.links_open(store, deps().now(), a.id)}
    return show("people", accounts=found, linked=linked, said=said())


@for_administrators
def new() -> Response:
    """The form for a new account."""
    return show("new", given=_empty(), roles=ROLES)


@for_administrators
def new_now() -> Response:
    """A new account was sent: its one-time link is shown, this once."""
    given, ours = _given(), deps()
    try:
        with ours.store.begin() as store:
            account = people.create(store, ours.now(), person.who(), given)
            token = credentials.make_link(store, ours.now(), person.who(), account.id, ours.rules.link)
    except AccountError as error:
        return show("new", error, given=given, roles=ROLES)
    return _shown_once(account, token)


@open_to(ADMINISTRATOR, seen="account")
def one(id: str) -> Response:
    """The page of one account."""
    account = known_account(id)
    g.seen = account.login  # as in all other entries about it
    given = NewAccount(account.login, account.name, tuple(account.roles), account.language)
    return _one(account, given)


@for_administrators
def one_now(id: str) -> Answer:
    """Changes were sent."""
    given, ours = _given(), deps()
    try:
        with ours.store.begin() as store:
            people.change(store, ours.now(), person.who(), id, given)
    except AccountError as error:
        return _one(known_account(id), given, error)
    except NotFound:
        abort(404)
    return onward(PAGE, "said_saved", id=id)


def _one(account: Account, given: NewAccount, error: AccountError | None = None) -> Response:
    with deps().store.read() as store:
        places = sign_ins.open_ones(store, deps().now(), account.id, deps().rules.span)
    taken = [name for queue, name in names().items() if queue in queues.shown(account.id)]
    values = {"account": account, "given": given, "roles": ROLES, "places": places, "said": said()}
    return show("person", error, queues=taken if queues.at_the_desk(account) else (), **values)


def _deed(done: Callable[[Session, str], None], said: str) -> Callable[[str], Answer]:
    """A view that does one thing to an account."""

    def view(id: str) -> Answer:
        account = known_account(id)
        try:
            with deps().store.begin() as store:
                done(store, account.id)
        except AccountError as error:
            given = NewAccount(account.login, account.name, tuple(account.roles), account.language)
            return _one(account, given, error)
        return onward(PAGE, said, id=account.id)

    return for_administrators(view)


def _out(store: Session, id: str) -> None:
    sign_ins.end_all(store, deps().now(), id)
    ended = Deed("sign_in.ended_everywhere", people.subject(people.one(store, id)))
    audit.note(store, deps().now(), person.who(), ended)


lock = _deed(lambda store, id: people.lock(store, deps().now(), person.who(), id), "said_locked")
unlock = _deed(lambda store, id: people.unlock(store, deps().now(), person.who(), id), "said_unlocked")
second_off = _deed(lambda store, id: second_step.stop(store, deps().now(), person.who(), id), "said_second_off")
out = _deed(_out, "said_out_everywhere")


@for_administrators
def link(id: str) -> Response:
    """A new one-time link, shown this once."""
    account, ours = known_account(id), deps()
    with ours.store.begin() as store:
        token = credentials.make_link(store, ours.now(), person.who(), account.id, ours.rules.link)
    return _shown_once(account, token)


def _shown_once(account: Account, token: str) -> Response:
    address = deps().url() + url_for("accounts.link", token=token)
    hours = round(deps().rules.link.total_seconds() / 3600)
    return show("link_made", account=account, address=address, hours=hours)


def _given() -> NewAccount:
    spoken = typed("language")
    roles = tuple(request.form.getlist("roles")[:20])
    return NewAccount(typed("login"), typed("name"), roles, spoken if spoken in LANGUAGES else LANGUAGES[0])


def _empty() -> NewAccount:
    return NewAccount("", "", ())
