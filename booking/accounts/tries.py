"""Failed tries: after some of them a login, and an address, must wait, longer each time.

A try is counted before the password is looked at, so that a thousand at once are a thousand tries, not one. Logins that
nobody has are counted like all others.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.accounts.errors import MustWait
from models.accounts import FailedTries

MOST_DOUBLINGS = 20  # the longest wait has long been reached; 2**n stays a small number


@dataclass(frozen=True)
class Patience:
    """`free` tries, then a wait of `first`, doubled with each further try up to `longest`; all is forgotten when
    nobody tried for `forget`."""

    free: int
    first: timedelta
    longest: timedelta
    forget: timedelta

    def after(self, count: int) -> timedelta | None:
        """How long to wait after the `count`-th failed try; None: not at all."""
        if count < self.free:
            return None
        wait: timedelta = self.first * 2 ** min(count - self.free, MOST_DOUBLINGS)
        return min(wait, self.longest)


def of_login(login: str) -> str:
    """The subject of a login: its hash, since people type passwords there, too."""
    return _hash(f"login:{login}")


def of_code(account_id: str) -> str:
    """The subject of an account's second step."""
    return _hash(f"code:{account_id}")


def of_address(address: str) -> str:
    """The subject of a network address; for IPv6 of its /64, which one customer has whole."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return _hash(f"address:{address}")
    block = ipaddress.ip_network((ip, 64), strict=False) if ip.version == 6 else ip
    return _hash(f"address:{block}")


def count(session: Session, now: datetime, subject: str, patience: Patience) -> None:
    """Count a try of `subject` that is about to be made; raises MustWait, then it was not counted and must not be."""
    _forget(session, now, patience)
    row = _locked(session, now, subject)
    if row.until is not None and row.until > now:
        raise MustWait(row.until - now)
    row.count += 1
    row.last_at = now
    wait = patience.after(row.count)
    row.until = now + wait if wait else None


def succeeded(session: Session, subject: str, *, clear: bool) -> None:
    """The try counted last was right: forget all (`clear`), or only this one."""
    row = session.get(FailedTries, subject, with_for_update=True)
    if row is None:
        return
    if clear:
        session.delete(row)
        return
    row.count = max(row.count - 1, 0)
    row.until = None


def _locked(session: Session, now: datetime, subject: str) -> FailedTries:
    """The subject's row, made if need be, locked against others who try at the same time."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(FailedTries).values(subject=subject, count=0, last_at=now)
    session.execute(new.on_conflict_do_nothing())
    return session.execute(select(FailedTries).where(FailedTries.subject == subject).with_for_update()).scalar_one()


def _forget(session: Session, now: datetime, patience: Patience) -> None:
    session.execute(
        delete(FailedTries).where(FailedTries.last_at < now - patience.forget),
        execution_options={"synchronize_session": False},
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
