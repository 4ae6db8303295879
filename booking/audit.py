"""The audit trail: note who saw or changed what, and read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import AuditEntry

SECRETS = ("password", "secret", "token", "hash", "totp")


@dataclass(frozen=True)
class Who:
    """Who does something: the login ("": nobody is signed in), the network address, the account."""

    login: str
    address: str = ""
    account_id: str | None = None


COMMAND_LINE = Who("command line")


@dataclass(frozen=True)
class Deed:
    """What was done: `what` is `<thing>.<deed>`, `subject` `<thing>:<id>`; what changed stands in `before`, `after`."""

    what: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def note(session: Session, now: datetime, who: Who, deed: Deed) -> None:
    """Add an entry, in the transaction of what it is about. Raises ValueError for a secret among what changed."""
    for key in (*(deed.before or ()), *(deed.after or ())):
        if any(word in key.lower() for word in SECRETS):
            raise ValueError(f"{key} looks like a secret: the audit trail must not hold it.")
    entry = AuditEntry(
        at=now,
        account_id=who.account_id,
        who=who.login[:40],
        what=deed.what,
        subject=deed.subject[:100],
        address=who.address[:64],
        before=dict(deed.before) if deed.before else None,
        after=dict(deed.after) if deed.after else None,
    )
    session.add(entry)


@dataclass(frozen=True)
class Wanted:
    """Which entries: those of a login, a deed or thing (`account.locked`, or `account` for all of them), a subject;
    from `since` on and before `until`. Empty: all."""

    who: str = ""
    what: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(session: Session, wanted: Wanted, below: int | None, size: int) -> list[AuditEntry]:
    """At most `size` entries, the newest first; with `below` those with a smaller id, which is the next page."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(size)
    if wanted.who:
        query = query.where(AuditEntry.who == wanted.who)
    if wanted.what:
        exact = "." in wanted.what
        query = query.where(
            AuditEntry.what == wanted.what if exact else AuditEntry.what.startswith(f"{wanted.what}.", autoescape=True)
        )
    if wanted.subject:
        query = query.where(AuditEntry.subject == wanted.subject)
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEntry.at < wanted.until)
    if below is not None:
        query = query.where(AuditEntry.id < below)
    return list(session.scalars(query))
