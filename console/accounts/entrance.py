"""Sign in, with a second step where one is set up; sign out; set a password through a one-time link."""

from __future__ import annotations

from datetime import timedelta

import flask_login
from flask import Response, redirect, session, url_for
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.accounts import credentials, passwords, sign_ins
from booking.accounts.errors import AccountError, LinkUseless, Locked, WrongPassword
from booking.audit import Deed
from console import person
from console.accounts.entering import Entered, enter, enter_code
from console.accounts.parts import browser, home_of, new_password, onward, said, show, typed, way_back
from console.deps import deps
from ivr.gate import public, signed_in

HALF_LASTS = timedelta(minutes=5)  # from the password to the code


@public("nobody is signed in yet")
def home() -> Answer:
    """To the first page that one may open."""
    found = person.somebody()
    return redirect(home_of(found) if found else url_for("accounts.sign_in"))


@public("nobody is signed in yet")
def sign_in() -> Answer:
    """The form."""
    found = person.somebody()
    if found is not None:
        return redirect(way_back() or home_of(found))
    return show("sign_in", next=way_back(), login="", said=said())


@public("nobody is signed in yet")
def sign_in_now() -> Answer:
    """Login and password were sent."""
    try:
        entered = enter(deps(), typed("login"), typed("password"), browser())
    except AccountError as error:
        return show("sign_in", error, next=way_back(), login=typed("login")[:200], said="")
    if entered.token:
        return _in(entered.token)
    until = (deps().now() + HALF_LASTS).timestamp()
    session["half"] = {"account": entered.account_id, "stamp": entered.stamp, "until": until, "next": way_back()}
    return onward("accounts.code")


@public("the password was right already")
def code() -> Answer:
    """The form for the code."""
    return show("code") if _half() else onward("accounts.sign_in")


@public("the password was right already")
def code_now() -> Answer:
    """A code was sent."""
    half = _half()
    if half is None:
        return onward("accounts.sign_in", "said_again")
    try:
        return _in(enter_code(deps(), half, typed("code"), browser()), session["half"]["next"])
    except (WrongPassword, Locked):
        session.pop("half", None)
        return onward("accounts.sign_in", "said_again")
    except AccountError as error:
        return show("code", error)


def _half() -> Entered | None:
    """Whose password was right in this browser a moment ago. The cookie that says so is signed."""
    half = session.get("half")
    if not half or half["until"] < deps().now().timestamp():
        session.pop("half", None)
        return None
    return Entered(half["account"], "", half["stamp"])


def _in(token: str, back: str = "") -> Answer:
    """Signed in, with a new session: what was in the browser before, also put there by others, is worth nothing."""
    spoken, back = session.get("language"), back or way_back()
    session.clear()
    if spoken:
        session["language"] = spoken
    found = person.load(token)
    assert found is not None  # it was made a moment ago
    flask_login.login_user(found)
    return redirect(back or home_of(found), 303)


@signed_in
def sign_out() -> Answer:
    """Sign out in this browser."""
    found = person.person()
    with deps().store.begin() as store:
        sign_ins.end(store, deps().now(), found.sign_in_id)
        audit.note(store, deps().now(), person.who(), Deed("sign_in.ended", f"account:{found.login}"))
    forget()
    return onward("accounts.sign_in", "said_out")


def forget() -> None:
    """Empty this browser's session, except for its language."""
    spoken = session.get("language")
    flask_login.logout_user()
    session.clear()
    if spoken:
        session["language"] = spoken


@public("whoever has the link was given it")
def link(token: str) -> Response:
    """The form to set a password."""
    try:
        with deps().store.begin() as store:
            account = credentials.owner(store, deps().now(), token)
    except LinkUseless as error:
        return show("link_useless", error)
    return show("link", login=account.login, name=account.name, least=deps().rules.password_min)


@public("whoever has the link was given it")
def link_now(token: str) -> Answer:
    """A password was sent."""
    login = name = ""
    try:
        with deps().store.begin() as store:
            account = credentials.owner(store, deps().now(), token)
            login, name = account.login, account.name
        new = new_password()
        passwords.check(new, login, deps().rules.password_min)
        with deps().store.begin() as store:
            credentials.use_link(store, deps().now(), token, new, person.address())
    except LinkUseless as error:
        return show("link_useless", error)
    except AccountError as error:
        return show("link", error, login=login, name=name, least=deps().rules.password_min)
    forget()
    return onward("accounts.sign_in", "said_password")
