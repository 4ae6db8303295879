"""Entering the line, the place in it, dropping out of it for a moment, and coming back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.actors import CALLER
from booking.desk.changes import OPEN, advance, load, note, presence_of, set_presence
from booking.desk.rules import DeskRules
from booking.privacy import masked
from models.queue import Handoff

Reason = Literal["asked", "ladder", "confidential", "rule", "overload"]

GENERAL = "general"
FIRST = 10  # priority of those who have been with an agent already: transferred, or cut off while talking


@dataclass(frozen=True)
class Entry:
    """Who wants an agent: conversation, the carrier's call, the number (E.164; None: withheld), language, why, the
    queue, its priority (higher first), the room in which the caller waits, and what was said (plain JSON)."""

    conversation: str
    call_sid: str | None
    caller: str | None
    language: str
    reason: Reason = "asked"
    queue: str = GENERAL
    priority: int = 0
    room: str | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)


def enter(session: Session, now: datetime, rules: DeskRules, entry: Entry) -> Handoff:
    """A place at the end of the line. Asking again, from the same conversation or by a new call of the same number
    soon after the line broke, gives the place that the caller has."""
    known = of_conversation(session, entry.conversation) or broken(session, entry.caller)
    if known is not None:
        return came_back(session, now, known, entry)
    cut = _cut_off(session, now, rules, entry.caller)
    row = _row(now, entry, cut)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same conversation asked twice at once
        other = of_conversation(session, entry.conversation)
        if other is None:
            raise
        return other
    after = {"after": cut.id} if cut else {}
    note(session, now, row, CALLER, "entered", {"reason": entry.reason, "queue": entry.queue, **after})
    return row


def of_conversation(session: Session, conversation: str) -> Handoff | None:
    """The open handoff of a conversation."""
    mine = select(Handoff).where(Handoff.conversation_id == conversation, Handoff.state.in_(OPEN))
    return session.scalars(mine.execution_options(populate_existing=True)).one_or_none()


def of_call(session: Session, call_sid: str) -> Handoff | None:
    """The open handoff of a call, by the carrier's id."""
    return _last(session, Handoff.call_sid == call_sid, Handoff.state.in_(OPEN))


def broken(session: Session, caller: str | None) -> Handoff | None:
    """The place of a caller whose line has broken, until it is taken away; None for a withheld number."""
    if not caller:
        return None
    kept = (Handoff.state == "waiting") & Handoff.dropped_at.is_not(None)
    return _last(session, Handoff.caller == caller, kept)


def came_back(session: Session, now: datetime, row: Handoff, entry: Entry) -> Handoff:
    """The caller is on the line again, perhaps by a new call in a new conversation; the place is the old one. Raises
    Conflict."""
    call = entry.call_sid or row.call_sid
    if row.dropped_at is None and call == row.call_sid:
        return row
    again = {"conversation_id": entry.conversation, "call_sid": call, "room": entry.room or row.room}
    data = {"conversation": row.conversation_id, "call": row.call_sid}
    if row.state == "waiting":
        again["dropped_at"] = None
    advance(session, now, row, **again)
    note(session, now, row, CALLER, "came_back", data)
    return row


def dropped(session: Session, now: datetime, handoff: int) -> Handoff:
    """The line of a caller who waits has broken, or was hung up: the place is kept for a while. An agent who was
    ringing is free again. Raises Conflict."""
    row = load(session, handoff)
    if row.state not in ("waiting", "offered") or row.dropped_at is not None:
        return row
    ringing = row.offered_to if row.state == "offered" else None
    advance(session, now, row, state="waiting", dropped_at=now, offered_to=None)
    note(session, now, row, CALLER, "dropped")
    if ringing:
        free(session, now, ringing)
    return row


def free(session: Session, now: datetime, agent: str) -> None:
    """An agent whose offer is void is ready as before: the place among the ready ones is kept."""
    row = presence_of(session, agent)
    state = "break" if row.next_state else "ready"
    set_presence(session, now, row, state, reason=row.next_state, ready_since=row.ready_since)


def _cut_off(session: Session, now: datetime, rules: DeskRules, caller: str | None) -> Handoff | None:
    """The talk of this caller that ended a moment ago without the agent having said that it was over."""
    if not caller:
        return None
    return _last(session, Handoff.caller == caller, (Handoff.state == "done") & Handoff.disposition.is_(None)
                 & (Handoff.ended_at > now - rules.drop))  # fmt: skip


def _last(session: Session, *which: ColumnElement[bool]) -> Handoff | None:
    newest = select(Handoff).where(*which).order_by(Handoff.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one_or_none()


def _row(now: datetime, entry: Entry, cut: Handoff | None) -> Handoff:
    return Handoff(
        conversation_id=entry.conversation,
        call_sid=entry.call_sid,
        caller=entry.caller,
        language=entry.language,
        reason=entry.reason,
        queue=cut.queue if cut else entry.queue,
        priority=max(entry.priority, FIRST) if cut else entry.priority,
        state="waiting",
        entered_at=now,
        waiting_since=now,
        refusals=[],
        room=entry.room,
        updated_at=now,
        summary=masked(dict(entry.summary)),
    )
