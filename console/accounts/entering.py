"""Signing in: tries are counted first, passwords checked outside any transaction, what comes of it noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking import audit
from booking.accounts import credentials, passwords, people, second_step, sign_ins, tries
from booking.accounts.errors import Locked, WrongCode, WrongPassword
from booking.accounts.sign_ins import Browser
from booking.audit import Deed, Who
from console.deps import ConsoleDeps
from models.accounts import Account


@dataclass(frozen=True)
class Entered:
    """The password was right. `token` signs in; "": a code of the second step is needed first. `stamp` changes with the
    password, so that half a sign-in ends with it."""

    account_id: str
    token: str
    stamp: str


def enter(ours: ConsoleDeps, login: str, password: str, browser: Browser) -> Entered:
    """Sign in with a password. Raises WrongPassword, MustWait, Locked, alike for logins that nobody has."""
    login = people.tidy_login(login)
    _counted(ours, tries.of_login(login), browser.address)
    with ours.store.read() as session:
        known = people.by_login(session, login)
    right = passwords.matches(known.password_hash if known else "", password)
    if known is None or not right:
        _failed(ours, Who("", browser.address), people.subject(known) if known else "account:?", "password")
        raise WrongPassword
    if passwords.outdated(known.password_hash):
        with ours.store.begin() as session:
            credentials.renew(session, known.id, password)
    return _half_or_whole(ours, known.id, tries.of_login(login), browser)


def _half_or_whole(ours: ConsoleDeps, id: str, subject: str, browser: Browser) -> Entered:
    now = ours.now()
    with ours.store.begin() as session:
        account = people.one(session, id)
        tries.succeeded(session, subject, clear=True)
        tries.succeeded(session, tries.of_address(browser.address), clear=False)
        locked, token = account.locked_at is not None, ""
        if locked:
            who = Who("", browser.address)
            audit.note(session, now, who, Deed("sign_in.failed", people.subject(account), None, {"at": "locked"}))
        elif account.totp_secret is None:
            token = _begin(session, now, account, browser)
    if locked:
        raise Locked
    return Entered(id, token, stamp(account))


def enter_code(ours: ConsoleDeps, half: Entered, code: str, browser: Browser) -> str:
    """Finish with a code of the second step: the token. Raises WrongCode, MustWait, Locked; WrongPassword when the
    password was changed meanwhile."""
    subject = tries.of_code(half.account_id)
    _counted(ours, subject, browser.address)
    now, named = ours.now(), ""
    try:
        with ours.store.begin() as session:
            account = people.one(session, half.account_id)
            named = people.subject(account)
            if account.locked_at is not None:
                raise Locked
            if stamp(account) != half.stamp:
                raise WrongPassword
            second_step.take(session, now, account.id, code)
            tries.succeeded(session, subject, clear=True)
            tries.succeeded(session, tries.of_address(browser.address), clear=False)
            return _begin(session, now, account, browser)
    except WrongCode:
        _failed(ours, Who("", browser.address), named, "code")
        raise


def counted(ours: ConsoleDeps, login: str, address: str) -> None:
    """Count a try of a password that somebody signed in types. Raises MustWait."""
    _counted(ours, tries.of_login(login), address)


def stamp(account: Account) -> str:
    """Changes with the password."""
    return account.password_at.isoformat() if account.password_at else ""


def _counted(ours: ConsoleDeps, subject: str, address: str) -> None:
    now = ours.now()
    with ours.store.begin() as session:
        tries.count(session, now, tries.of_address(address), ours.rules.address)
        tries.count(session, now, subject, ours.rules.login)


def _begin(session: Session, now: datetime, account: Account, browser: Browser) -> str:
    token = sign_ins.begin(session, now, account, browser)
    who = Who(account.login, browser.address, account.id)
    audit.note(session, now, who, Deed("sign_in.begun", people.subject(account)))
    return token


def _failed(ours: ConsoleDeps, who: Who, subject: str, where: str) -> None:
    """Note a try that failed, also of a login that nobody has: what is typed there may be a password, so it is not."""
    with ours.store.begin() as session:
        audit.note(session, ours.now(), who, Deed("sign_in.failed", subject, None, {"at": where}))
