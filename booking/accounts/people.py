"""Accounts: make, change, lock. Whatever changes one is noted in the audit trail, in the same transaction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking import audit
from booking.accounts import sign_ins
from booking.accounts.errors import BadLogin, BadName, BadRoles, LastAdministrator, LoginTaken
from booking.accounts.roles import ADMINISTRATOR, ROLES
from booking.audit import Deed, Who
from booking.errors import NotFound
from models.accounts import Account
from models.base import new_id

ID = re.compile(r"[0-9a-f]{32}")
LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")
LONGEST_NAME = 100  # characters


@dataclass(frozen=True)
class NewAccount:
    """An account to be made: how they sign in, what they are called, what they are, the language of their pages."""

    login: str
    name: str
    roles: tuple[str, ...]
    language: str = "hi"


def create(session: Session, now: datetime, who: Who, new: NewAccount) -> Account:
    """A new account, without a password. Raises BadLogin, LoginTaken, BadName, BadRoles."""
    login = tidy_login(new.login)
    if not LOGIN.fullmatch(login):
        raise BadLogin
    account = Account(
        id=new_id(),
        login=login,
        name=_name(new.name),
        roles=_roles(new.roles),
        language=new.language,
        password_hash="",
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise LoginTaken from None
    audit.note(session, now, who, Deed("account.created", subject(account), None, _shown(account)))
    return account


def change(session: Session, now: datetime, who: Who, id: str, new: NewAccount) -> Account:
    """Give the account another name, other roles and another language; its login stays. Raises NotFound, BadName,
    BadRoles, LastAdministrator."""
    everyone = _alone(session)
    account = one(session, id)
    before = _shown(account)
    roles = _roles(new.roles)
    if ADMINISTRATOR not in roles:
        _not_the_last(everyone, account)
    account.name, account.roles, account.language = _name(new.name), roles, new.language
    if _shown(account) != before:
        audit.note(session, now, who, Deed("account.changed", subject(account), before, _shown(account)))
    return account


def lock(session: Session, now: datetime, who: Who, id: str) -> None:
    """Let nobody in with the account, from this moment on. Raises NotFound, LastAdministrator."""
    everyone = _alone(session)
    account = one(session, id)
    if account.locked_at is not None:
        return
    _not_the_last(everyone, account)
    account.locked_at = now
    sign_ins.end_all(session, now, account.id)
    audit.note(session, now, who, Deed("account.locked", subject(account)))


def unlock(session: Session, now: datetime, who: Who, id: str) -> None:
    """Let people in with the account again. Raises NotFound."""
    account = one(session, id)
    if account.locked_at is not None:
        account.locked_at = None
        audit.note(session, now, who, Deed("account.unlocked", subject(account)))


def one(session: Session, id: str) -> Account:
    """The account `id`, locked against changes by others until the transaction ends. Raises NotFound."""
    found = session.get(Account, id, with_for_update=True) if ID.fullmatch(id) else None
    if found is None:
        raise NotFound("account")
    return found


def by_login(session: Session, login: str) -> Account | None:
    """The account with this login, however it was typed."""
    if not LOGIN.fullmatch(tidy_login(login)):  # a store may even refuse to look for it: PostgreSQL has no NUL
        return None
    return session.scalars(select(Account).where(Account.login == tidy_login(login))).one_or_none()


def everybody(session: Session) -> list[Account]:
    """All accounts, by login."""
    return list(session.scalars(select(Account).order_by(Account.login)))


def subject(account: Account) -> str:
    """The account as a subject of the audit trail."""
    return f"account:{account.login}"


def tidy_login(typed: str) -> str:
    """A login as it is stored: without spaces around it, in small letters."""
    return unicodedata.normalize("NFKC", typed).strip().lower()[:200]


def _shown(account: Account) -> dict[str, object]:
    return {"name": account.name, "roles": list(account.roles), "language": account.language}


def _name(typed: str) -> str:
    name = unicodedata.normalize("NFC", typed).strip()
    if not 0 < len(name) <= LONGEST_NAME or any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name):
        raise BadName
    return name


def _roles(wanted: Iterable[str]) -> list[str]:
    chosen = set(wanted)
    if not chosen or chosen - set(ROLES):
        raise BadRoles
    return [role for role in ROLES if role in chosen]


def _alone(session: Session) -> list[Account]:
    """All accounts, locked in one order: two administrators who lock each other at once must not both succeed."""
    return list(session.scalars(select(Account).order_by(Account.id).with_for_update()))


def _not_the_last(everyone: list[Account], account: Account) -> None:
    """Raise LastAdministrator when nobody else could manage accounts."""
    if ADMINISTRATOR not in account.roles:
        return
    if not any(a.id != account.id and ADMINISTRATOR in a.roles and a.locked_at is None for a in everyone):
        raise LastAdministrator
