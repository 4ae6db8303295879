"""Callers: the language a number used last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.callers import Caller


def language_of(session: Session, caller: str | None) -> str | None:
    """The language `caller` (E.164) used last; None when unknown or withheld."""
    row = session.get(Caller, caller) if caller else None
    return row.language if row else None


def remember_language(session: Session, now: datetime, caller: str | None, language: str) -> None:
    """Remember the language of `caller`; a withheld number is not remembered."""
    if not caller:
        return
    known = session.get(Caller, caller)
    if known is not None:
        known.language, known.last_seen = language, now
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"language": language, "last_seen": now}
    # The same number may be calling for the first time on two lines.
    first = insert(Caller).values(number=caller, **values)
    session.execute(first.on_conflict_do_update(index_elements=["number"], set_=values))
