"""Which queues somebody at the desk takes: for administrators from the account, for supervisors from their page."""

from __future__ import annotations

from flask import Response, abort, g, request
from werkzeug.wrappers import Response as Answer

from booking.accounts.roles import ADMINISTRATOR, AGENT, SUPERVISOR
from booking.desk import queues
from booking.desk.queues import Choice
from booking.errors import Conflict
from console import person
from console.accounts.parts import Problem, known_account, onward, said, show_problem
from console.deps import deps
from console.desk.queues import names
from console.words import LANGUAGES
from ivr.desk.entering import QUEUES
from ivr.gate import open_to
from models.accounts import Account

AT_THE_DESK = frozenset({AGENT, SUPERVISOR})


@open_to(ADMINISTRATOR, SUPERVISOR, seen="account")
def of(id: str) -> Response:
    """The form."""
    account = _at_the_desk(id)
    g.seen = account.login  # as in all other entries about it
    stands = shown(account.id)
    return _form(account, stands, stands)


@open_to(ADMINISTRATOR, SUPERVISOR)
def of_now(id: str) -> Answer:
    """The form was sent."""
    account, ours = _at_the_desk(id), deps()
    given, known = _sent("queues"), _sent("known")
    if not given:
        return _form(account, known, given, Problem("queues_form", "queues"))
    choice = Choice(account.id, stored(known), stored(given), LANGUAGES)
    try:
        with ours.store.begin() as store:
            queues.choose(store, ours.now(), person.who(), choice)
    except Conflict:
        return _form(account, shown(account.id), given, Problem("queues_changed", "queues"))
    return onward("accounts.queues", "said_saved", id=id)


def shown(id: str) -> list[str]:
    """The queues that an account takes, all of them named."""
    with deps().store.read() as store:
        return queues.taken(store, id) or list(QUEUES)


def stored(chosen: list[str]) -> list[str]:
    """As it is stored: who takes all queues takes those to come, too."""
    return [] if len(chosen) == len(QUEUES) else chosen


def at_the_desk(account: Account) -> bool:
    """Whether calls may come to the account at all."""
    return bool(AT_THE_DESK & set(account.roles))


def _sent(name: str) -> list[str]:
    ticked = request.form.getlist(name)
    return [queue for queue in QUEUES if queue in ticked]


def _form(account: Account, known: list[str], given: list[str], problem: Problem | None = None) -> Response:
    own = names()
    return show_problem("queues", problem, account=account, known=known, given=given, names=own, said=said())


def _at_the_desk(id: str) -> Account:
    account = known_account(id)
    if not at_the_desk(account):
        abort(404)
    return account
