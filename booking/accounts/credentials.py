"""Passwords of accounts: set, changed by themselves, checked, and set anew through a one-time link."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from booking import audit
from booking.accounts import passwords, sign_ins
from booking.accounts.errors import LinkUseless, PasswordSame, WrongPassword
from booking.accounts.people import one, subject
from booking.accounts.sign_ins import RANDOM_BYTES, hashed
from booking.audit import Deed, Who
from models.accounts import Account, PasswordLink


def set_password(session: Session, now: datetime, who: Who, id: str, password: str) -> None:
    """Set the password by somebody else, so that it must be changed at the next sign-in; signs out everywhere and makes
    open links useless. The password is not checked: `passwords.made_up` or `passwords.check` it. Raises NotFound."""
    account = one(session, id)
    _store(session, now, account, password)
    account.must_change = True
    sign_ins.end_all(session, now, account.id)
    audit.note(session, now, who, Deed("account.reset", subject(account)))


def change_password(session: Session, now: datetime, who: Who, old: str, new: str) -> None:
    """Change one's own password; raises WrongPassword, PasswordSame. `new` was checked with `passwords.check`."""
    account = one(session, who.account_id or "")
    if not passwords.matches(account.password_hash, old):
        raise WrongPassword
    if passwords.matches(account.password_hash, new):
        raise PasswordSame
    _store(session, now, account, new)
    audit.note(session, now, who, Deed("account.password", subject(account)))


def make_link(session: Session, now: datetime, who: Who, id: str, lasts: timedelta) -> str:
    """The token of a link with which the account's password can be set once; earlier links become useless.

    The old password goes on working until then: whoever asks for a link locks nobody out. Raises NotFound.
    """
    account = one(session, id)
    _useless(session, now, account.id)
    session.execute(delete(PasswordLink).where(PasswordLink.account_id == id, PasswordLink.expires_at < now))
    token = secrets.token_urlsafe(RANDOM_BYTES)
    session.add(PasswordLink(hash=hashed(token), account_id=account.id, made_at=now, expires_at=now + lasts))
    audit.note(session, now, who, Deed("account.link", subject(account)))
    return token


def owner(session: Session, now: datetime, token: str) -> Account:
    """Whose link `token` is. Raises LinkUseless."""
    row = session.get(PasswordLink, hashed(token), with_for_update=True)
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise LinkUseless
    account = session.get_one(Account, row.account_id)
    if account.locked_at is not None:
        raise LinkUseless
    return account


def use_link(session: Session, now: datetime, token: str, new: str, address: str) -> Account:
    """Set the password through a link; signs out everywhere. Raises LinkUseless. `new` was checked."""
    account = owner(session, now, token)
    _store(session, now, account, new)
    sign_ins.end_all(session, now, account.id)
    who = Who(account.login, address, account.id)
    audit.note(session, now, who, Deed("account.link_used", subject(account)))
    return account


def renew(session: Session, id: str, password: str) -> None:
    """Hash the right `password` anew when the costs have changed since."""
    account = one(session, id)
    if passwords.matches(account.password_hash, password) and passwords.outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)


def links_open(session: Session, now: datetime, id: str) -> bool:
    """Whether a link of the account still works."""
    query = select(PasswordLink.hash).where(PasswordLink.account_id == id, PasswordLink.used_at.is_(None))
    return session.scalar(query.where(PasswordLink.expires_at > now).limit(1)) is not None


def _store(session: Session, now: datetime, account: Account, password: str) -> None:
    account.password_hash = passwords.hashed(password)
    account.password_at = now
    account.must_change = False
    _useless(session, now, account.id)


def _useless(session: Session, now: datetime, account_id: str) -> None:
    session.execute(
        update(PasswordLink)
        .where(PasswordLink.account_id == account_id, PasswordLink.used_at.is_(None))
        .values(used_at=now)
    )
