"""The queue for agents: callers who are handed over, and what happened to each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_OPEN = text("state IN ('waiting', 'offered', 'talking')")


class Handoff(Base):
    """A caller on the way to an agent. `reason` is asked, ladder, confidential, rule, overload, or
    callback (an agent has called; `summary` has the task).

    `state` is waiting, offered (to `offered_to`), talking (with `agent`), or over: done, returned (to the bot, at
    `returned_to`), abandoned, callback. The order of the queue is `priority` (higher first), `waiting_since`, id.
    `dropped_at` is set while the line is broken: the place is kept, nobody is offered this caller. `refusals` are the
    accounts that did not take it. `answered_at` is the first agent's acceptance, `accepted_at` the present one's,
    `wrapped_at` the end of the work after the call. `summary` is what the caller had said (plain JSON). `asked`
    is where a waiting caller is in the keys (plain JSON of `ivr.desk.waiting`; no change of the version). `version`
    counts the changes (compare-and-set). One conversation has one open handoff: the partial unique index says so.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index("uq_handoffs_open", "conversation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_handoffs_line", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "agent", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(index=True)
    call_sid: Mapped[str | None]
    caller: Mapped[str | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str]
    queue: Mapped[str]
    priority: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="waiting")
    entered_at: Mapped[datetime] = mapped_column(index=True)
    waiting_since: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    offered_to: Mapped[str | None] = mapped_column(String(32))
    offered_at: Mapped[datetime | None]
    refusals: Mapped[list[str]] = mapped_column(default=list)
    agent: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    wrapped_at: Mapped[datetime | None]
    returned_to: Mapped[str | None]
    disposition: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    room: Mapped[str | None]
    asked: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    summary: Mapped[dict[str, Any]]


class HandoffEvent(Base):
    """One thing that happened to a handoff: entered, offered, accepted, refused, no_answer, dropped, came_back, …

    `who` is `caller`, `agent:ID`, `job`; `data` is plain JSON.
    """

    __tablename__ = "handoff_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoffs.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
