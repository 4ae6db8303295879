"""Requests that programs repeat: the answer to the first one is kept and given again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.access import IdempotentAnswer


@dataclass(frozen=True)
class Asked:
    """What is asked: the token's id, its key for this act, the hash of the whole request (64 hexadecimal digits)."""

    token: str
    key: str
    request: str


def first_or_known(session: Session, now: datetime, asked: Asked) -> IdempotentAnswer:
    """The row of this key: a new one without `status`, to be filled in this transaction, or the one that was filled.

    Of two at once the second waits here until the first has committed (then it gets that answer) or rolled back
    (then it is the first): the insert comes before all work, and its unique key lets nobody pass.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"token_id": asked.token, "key": asked.key, "request": asked.request, "created_at": now}
    session.execute(insert(IdempotentAnswer).values(row).on_conflict_do_nothing())
    this = select(IdempotentAnswer).where(IdempotentAnswer.token_id == asked.token, IdempotentAnswer.key == asked.key)
    return session.scalars(this).one()
