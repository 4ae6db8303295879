"""Where people are signed in: begun with a fresh token, ended by themselves, by time, or everywhere at once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.accounts import Account, SignIn
from models.base import new_id

SEEN_EVERY = timedelta(minutes=1)  # `seen_at` is no more exact than this: a read must not become a write each time
KEPT = timedelta(days=30)  # sign-ins are forgotten then, at the next one; settings let none last that long
RANDOM_BYTES = 32


@dataclass(frozen=True)
class Span:
    """How long a sign-in lasts: without a request, and at most."""

    idle: timedelta
    at_most: timedelta


@dataclass(frozen=True)
class Browser:
    """From where somebody signs in: the network address, and what the browser calls itself."""

    address: str
    name: str


def begin(session: Session, now: datetime, account: Account, browser: Browser) -> str:
    """Sign in: the token for the cookie, which is stored nowhere else."""
    old = SignIn.account_id == account.id, SignIn.began_at < now - KEPT
    session.execute(delete(SignIn).where(*old), execution_options={"synchronize_session": False})
    token = secrets.token_urlsafe(RANDOM_BYTES)
    account.last_sign_in_at = now
    row = SignIn(
        id=new_id(),
        hash=hashed(token),
        account_id=account.id,
        began_at=now,
        seen_at=now,
        address=browser.address[:64],
        browser=browser.name[:200],
    )
    session.add(row)
    session.flush()
    return token


def find(session: Session, now: datetime, token: str, span: Span) -> tuple[Account, SignIn] | None:
    """Whose token it is; None when it is unknown, ended, too old, or the account is locked."""
    query = select(Account, SignIn).join(SignIn, SignIn.account_id == Account.id).where(SignIn.hash == hashed(token))
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    account, row = found
    return (account, row) if account.locked_at is None and lasts(row, now, span) else None


def lasts(row: SignIn, now: datetime, span: Span) -> bool:
    """Whether the sign-in is still good at `now`."""
    return row.ended_at is None and now < row.seen_at + span.idle and now < row.began_at + span.at_most


def stale(row: SignIn, now: datetime) -> bool:
    """Whether `seen` should be called."""
    return now >= row.seen_at + SEEN_EVERY


def seen(session: Session, now: datetime, id: str) -> None:
    """Note a request of the sign-in `id`."""
    session.execute(update(SignIn).where(SignIn.id == id, SignIn.seen_at < now).values(seen_at=now))


def end(session: Session, now: datetime, id: str) -> None:
    """Sign out in one browser."""
    session.execute(update(SignIn).where(SignIn.id == id, SignIn.ended_at.is_(None)).values(ended_at=now))


def end_all(session: Session, now: datetime, account_id: str, but: str = "") -> None:
    """Sign out everywhere, except in the sign-in `but`."""
    mine = (SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.id != but)
    session.execute(update(SignIn).where(*mine).values(ended_at=now))


def open_ones(session: Session, now: datetime, account_id: str, span: Span) -> list[SignIn]:
    """Where the account is signed in now, the latest first."""
    query = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    return [row for row in session.scalars(query.order_by(SignIn.seen_at.desc())) if lasts(row, now, span)]


def hashed(token: str) -> str:
    """The SHA-256 of a token; 32 random bytes need neither salt nor stretching."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
