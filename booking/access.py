"""API tokens: who may use the interface, and for what. Only the hash of a token is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.errors import BadValue, NotFound
from models.access import ApiToken
from models.base import new_id

PREFIX = "mitan_"  # so that a token that was pasted somewhere is recognised as one
RANDOM_BYTES = 32
LONGEST_NAME = 100  # characters
USED_EVERY = timedelta(hours=1)  # `last_used_at` is no more exact than this: a read must not become a write each time

SCOPES = {
    "catalogue:read": "services, documents, cities and areas",
    "slots:read": "free slots",
    "bookings:read": "one booking and what happened to it",
    "bookings:list": "all bookings of a mobile number",
    "bookings:write": "hold, book, move, cancel, rate",
    "stages:write": "change the stage of a booking",
    "complaints:read": "one complaint, or those of a mobile number",
    "complaints:write": "register, rate and reopen complaints",
    "complaints:office": "the complaints before the token's office: list, answer, resolve, close",
    "appeals:read": "one appeal, and whether one is possible",
    "appeals:write": "register appeals",
    "appeals:decide": "decide appeals",
    "waiting:read": "a place on the waiting list",
    "waiting:write": "join and leave the waiting list, take an offer",
    "executives:read": "the day sheet of an executive",
    "assignments:write": "assign a booking to an executive",
    "mobiles:read": "see mobile numbers, names and addresses in full",
    "as:agent": "act as an agent",
    "as:executive": "act as an executive",
    "as:office": "act as the token's office",
    "as:admin": "act as an administrator",
}
"""What a token may be given, with what it allows. Without an `as:` scope it acts for the citizen whose mobile it
states."""


@dataclass(frozen=True)
class NewToken:
    """A token to be made: whose it is, what it may do, for which office ("": none), until when (None: no end)."""

    name: str
    scopes: Sequence[str]
    office: str = ""
    expires_at: datetime | None = None


def issue(session: Session, now: datetime, new: NewToken) -> tuple[ApiToken, str]:
    """A new token's row, and the token itself, which nobody can be shown again. Raises BadValue."""
    _check(now, new)
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    row = ApiToken(
        id=new_id(),
        name=new.name.strip(),
        hash=hashed(secret),
        scopes=sorted(set(new.scopes)),
        office=new.office,
        created_at=now,
        expires_at=new.expires_at,
    )
    session.add(row)
    session.flush()
    return row, secret


def identify(session: Session, now: datetime, secret: str) -> ApiToken | None:
    """The token `secret`, when it is known, not revoked and not expired at `now`."""
    row = session.scalars(select(ApiToken).where(ApiToken.hash == hashed(secret))).one_or_none()
    if row is None or row.revoked_at is not None:
        return None
    return row if row.expires_at is None or row.expires_at > now else None


def revoke(session: Session, now: datetime, id: str) -> ApiToken:
    """Make the token `id` useless from now on; revoking it again changes nothing. Raises NotFound."""
    row = session.get(ApiToken, id)
    if row is None:
        raise NotFound(f"token {id}")
    row.revoked_at = row.revoked_at or now
    return row


def used(session: Session, now: datetime, id: str) -> None:
    """Note that the token `id` was used at `now`."""
    row = session.get(ApiToken, id)
    if row is not None:
        row.last_used_at = now


def use_is_stale(row: ApiToken, now: datetime) -> bool:
    """Whether `used` should be called: the last use noted is more than an hour ago."""
    return row.last_used_at is None or row.last_used_at <= now - USED_EVERY


def tokens(session: Session) -> list[ApiToken]:
    """All tokens, the newest first."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.id)))


def hashed(secret: str) -> str:
    """The SHA-256 of a token in hexadecimal. No salt and no stretching: 32 random bytes cannot be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _check(now: datetime, new: NewToken) -> None:
    unknown = sorted(set(new.scopes) - SCOPES.keys())
    if unknown:
        raise BadValue(f"scope {', '.join(unknown)}")
    if not new.scopes:
        raise BadValue("scopes: none given")
    if not 0 < len(new.name.strip()) <= LONGEST_NAME:
        raise BadValue("name: 1 to 100 characters")
    if sum(s.startswith("as:") for s in new.scopes) > 1:
        raise BadValue("scopes: a token acts as one only")
    if not new.office and {"as:office", "complaints:office"} & set(new.scopes):
        raise BadValue("office: needed with as:office and complaints:office")
    if new.expires_at is not None and new.expires_at <= now:
        raise BadValue("expires_at: in the past")
