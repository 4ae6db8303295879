"""What the pages of accounts share: their words, the problem of a form, and safe ways back."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from booking.accounts.errors import AccountError, LinkUseless, MustWait
from booking.accounts.people import ID
from booking.accounts.sign_ins import Browser
from console import menu, showing
from console.deps import deps
from console.person import Person, address
from console.words import Words, load
from models.accounts import Account

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
LONGEST_BACK = 1000  # characters of an address to go back to: it has to fit into a cookie
FIELDS = {
    "login_form": "login",
    "login_taken": "login",
    "name_form": "name",
    "roles_form": "roles",
    "password_short": "new",
    "password_long": "new",
    "password_simple": "new",
    "password_same": "new",
    "password_differs": "again",
    "code_wrong": "code",
}
"""Which field a problem is about."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a form: a code for the words, the field ("": none in particular), a number for the words."""

    code: str
    field: str = ""
    n: int = 0


class PasswordDiffers(AccountError):  # noqa: N818
    """The two new passwords are not the same: type them again."""

    code = "password_differs"


def problem_of(error: AccountError) -> Problem:
    """What the page says of `error`."""
    if isinstance(error, MustWait):
        return Problem(error.code, n=max(1, ceil(error.wait.total_seconds() / 60)))
    field = FIELDS.get(error.code, "old" if error.code == "wrong" and "old" in request.form else "")
    return Problem(error.code, field, deps().rules.password_min)


def status_of(error: AccountError) -> int:
    """The HTTP status of a page that says `error`."""
    return 429 if isinstance(error, MustWait) else 410 if isinstance(error, LinkUseless) else 400


def show(template: str, error: AccountError | None = None, **values: object) -> Response:
    """A page of accounts, with what is wrong."""
    problem = problem_of(error) if error else None
    response = show_problem(template, problem, status_of(error) if error else 200, **values)
    if isinstance(error, MustWait):
        response.headers["Retry-After"] = str(max(1, ceil(error.wait.total_seconds())))
    return response


def show_problem(template: str, problem: Problem | None, status: int = 0, **values: object) -> Response:
    """A page of accounts with this problem; its `status` is 400 (200 without a problem) unless it is given."""
    ours = status or (400 if problem else 200)
    return showing.show(f"accounts/{template}.html", WORDS, ours, problem=problem, **values)


def known_account(id: str) -> Account:
    """The account `id`; answers 404 where there is none."""
    with deps().store.read() as store:
        account = store.get(Account, id) if ID.fullmatch(id) else None
    if account is None:
        abort(404)
    return account


def typed(name: str) -> str:
    """What stands in a field of the form."""
    return request.form.get(name, "")


def new_password() -> str:
    """The new password, typed twice. Raises PasswordDiffers."""
    if typed("new") != typed("again"):
        raise PasswordDiffers
    return typed("new")


def browser() -> Browser:
    """From where this request comes."""
    return Browser(address(), request.headers.get("User-Agent", ""))


def way_back() -> str:
    """The address to go to after signing in: the one in the form or the query, if it is a page of ours; else ""."""
    wanted = request.values.get("next", "")
    return wanted if len(wanted) <= LONGEST_BACK and inside(wanted) else ""


def inside(address: str) -> bool:
    """Whether `address` is a page of ours that can be opened, without host, so that nobody is led elsewhere.

    Browsers take backslashes for slashes and drop tabs and line breaks, so any of these makes it foreign.
    """
    if not address.startswith("/") or address.startswith("//") or any(c <= " " or c in "\\\x7f" for c in address):
        return False
    try:
        parts = urlsplit(address)
        current_app.url_map.bind("ours").match(parts.path, method="GET")
    except (ValueError, HTTPException):
        return False
    return not parts.scheme and not parts.netloc


def home_of(person: Person) -> str:
    """The first page that somebody may open."""
    entries = menu.of(current_app, person)
    return entries[0][0] if entries else url_for("accounts.own")


def onward(endpoint: str, said: str = "", **values: Any) -> Answer:
    """To another page after a change, where it is said that it was made."""
    if said:
        session["said"] = said
    return redirect(url_for(endpoint, **values), 303)


def said() -> str:
    """What was changed just before this page, once."""
    return str(session.pop("said", ""))
