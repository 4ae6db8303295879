"""One's own account: password, second step, where one is signed in."""

from __future__ import annotations

import segno
from flask import Response, session
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.accounts import credentials, passwords, people, second_step, sign_ins, tries
from booking.accounts.errors import AccountError, WrongPassword
from booking.audit import Deed
from console import person
from console.accounts.entering import counted
from console.accounts.entrance import forget
from console.accounts.parts import new_password, onward, said, show, typed
from console.deps import deps
from ivr.gate import signed_in
from models.accounts import Account


@signed_in
def own() -> Response:
    """The page."""
    me = person.person()
    with deps().store.read() as store:
        account = store.get_one(Account, me.account_id)
        places = sign_ins.open_ones(store, deps().now(), me.account_id, deps().rules.span)
    return show("own", account=account, places=places, said=said())


@signed_in
def password() -> Response:
    """The form for a new password."""
    return show("password", least=deps().rules.password_min)


@signed_in
def password_now() -> Answer:
    """A new password was sent: the other browsers are signed out."""
    me, ours = person.person(), deps()
    try:
        new = new_password()
        passwords.check(new, me.login, ours.rules.password_min)
        counted(ours, me.login, person.address())
        with ours.store.begin() as store:
            credentials.change_password(store, ours.now(), person.who(), typed("old"), new)
            sign_ins.end_all(store, ours.now(), me.account_id, but=me.sign_in_id)
            _right(store)
    except AccountError as error:
        return show("password", error, least=ours.rules.password_min)
    return onward("accounts.own", "said_changed")


def _right(store: Session) -> None:
    """The password counted last was right."""
    tries.succeeded(store, tries.of_login(person.person().login), clear=True)
    tries.succeeded(store, tries.of_address(person.address()), clear=False)


@signed_in
def second() -> Response:
    """The QR code of a fresh secret, and the form for the first code. The secret waits in the signed cookie."""
    secret = session["secret"] = session.get("secret") or second_step.new_secret()
    return _qr(secret)


def _qr(secret: str, error: AccountError | None = None) -> Response:
    me, ours = person.person(), deps()
    address = second_step.address(secret, me.login, f"{ours.brand['en']} {ours.helpline}")
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return show("second_step", error, qr=Markup(drawn), secret=groups)


@signed_in
def second_now() -> Answer:
    """The first code was sent."""
    ours, secret = deps(), session.get("secret", "")
    if not secret:
        return onward("accounts.second")
    try:
        with ours.store.begin() as store:
            second_step.begin(store, ours.now(), person.who(), secret, typed("code"))
    except AccountError as error:
        return _qr(secret, error)
    session.pop("secret", None)
    return onward("accounts.own", "said_second_on")


@signed_in
def second_off() -> Response:
    """The form for the password, without which nobody turns the second step off."""
    return show("second_step_off")


@signed_in
def second_off_now() -> Answer:
    """The password was sent."""
    me, ours = person.person(), deps()
    try:
        counted(ours, me.login, person.address())
        with ours.store.begin() as store:
            if not passwords.matches(people.one(store, me.account_id).password_hash, typed("old")):
                raise WrongPassword
            second_step.stop(store, ours.now(), person.who(), me.account_id)
            _right(store)
    except AccountError as error:
        return show("second_step_off", error)
    return onward("accounts.own", "said_second_off")


@signed_in
def out_everywhere() -> Answer:
    """Sign out in all browsers, this one too."""
    me = person.person()
    with deps().store.begin() as store:
        sign_ins.end_all(store, deps().now(), me.account_id)
        audit.note(store, deps().now(), person.who(), Deed("sign_in.ended_everywhere", f"account:{me.login}"))
    forget()
    return onward("accounts.sign_in", "said_out")
