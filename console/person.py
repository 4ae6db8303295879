"""Who is signed in, as Flask-Login knows them."""

from __future__ import annotations

from dataclasses import dataclass

import flask_login
from flask import request

from booking.accounts import sign_ins
from booking.audit import Who
from console.deps import deps


@dataclass(frozen=True)
class Person:
    """Somebody signed in: their account and the sign-in of this browser. Read from the store at every request, so that
    a role that was taken away is gone at once."""

    token: str
    sign_in_id: str
    account_id: str
    login: str
    name: str
    roles: frozenset[str]
    language: str
    must_change: bool
    stale: bool
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What stands in the cookie: the token of this sign-in, not the account."""
        return self.token


def load(token: str) -> Person | None:
    """Whose sign-in `token` is, if it still lasts. Raises StoreError."""
    ours = deps()
    now = ours.now()
    with ours.store.read() as session:
        found = sign_ins.find(session, now, token, ours.rules.span)
        if found is None:
            return None
        account, row = found
        return Person(token, row.id, account.id, account.login, account.name, frozenset(account.roles),
                      account.language, account.must_change, sign_ins.stale(row, now))  # fmt: skip


def somebody() -> Person | None:
    """Who is signed in; None: nobody."""
    user = flask_login.current_user
    return user._get_current_object() if user.is_authenticated else None


def person() -> Person:
    """Who is signed in; for views that are `open_to` somebody."""
    found = somebody()
    assert found is not None  # the gate let them through
    return found


def who() -> Who:
    """Who does this, for the audit trail."""
    found = somebody()
    return Who(found.login, address(), found.account_id) if found else Who("", address())


def address() -> str:
    """The network address of the asker; behind a proxy on this machine the one that the proxy names."""
    return request.remote_addr or "?"
