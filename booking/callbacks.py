"""Callbacks: a promise to a caller whom no agent can take now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.hours import AgentHours, as_stored, next_open
from booking.privacy import masked
from booking.zone import local
from models.callbacks import Callback


@dataclass(frozen=True)
class Wanted:
    """Who is to be called back and why; `summary` is what the caller has already said (plain JSON)."""

    number: str
    reason: str
    language: str
    conversation: str
    summary: Mapping[str, Any] = field(default_factory=dict)


def promise(session: Session, now: datetime, hours: AgentHours, wanted: Wanted, at: datetime | None = None) -> datetime:
    """Note a callback at the agents' next hour, or `at` a time that the caller chose, and return that time
    (Asia/Kolkata). One a conversation: asking again changes nothing, but a chosen time, with its number, replaces one
    that is still ahead."""
    row = session.scalars(select(Callback).where(Callback.conversation_id == wanted.conversation)).one_or_none()
    if row is not None and at is not None and row.done_at is None:
        row.due_at, row.number = at, wanted.number
        session.flush()
    if row is not None:
        return local(row.due_at)
    due = local(at) if at is not None else next_open(now, as_stored(session, hours))
    session.add(
        Callback(
            number=wanted.number,
            reason=wanted.reason,
            language=wanted.language,
            conversation_id=wanted.conversation,
            promised_at=now,
            due_at=due,
            summary=masked(dict(wanted.summary)),
        )
    )
    session.flush()
    return due
