"""From a conversation that was handed over to a place in the line, and back into it after a broken line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking import conversations
from booking.desk.line import Entry, Reason, broken, came_back, enter, of_call, of_conversation
from booking.desk.matching import on_shift
from booking.desk.rules import DeskRules
from dialogs.state import State
from ivr.desk.legs import room_of
from models.calls import Call
from models.presence import Presence
from models.queue import Handoff

QUEUES = ("general", "complaints", "confidential")
_REASONS: Mapping[str, Reason] = {"asked": "asked", "ladder": "ladder", "too_long": "ladder"}
_TASKS = {"complaint": "complaints", "appeal": "complaints"}


def staffed(session: Session, now: datetime, rules: DeskRules) -> bool:
    """Whether anybody is at the desk: taking calls, or on a break."""
    agents = list(session.scalars(select(Presence)))
    pausing = [a for a in agents if a.state == "break" and a.seen_at > now - rules.gone]
    return bool(pausing or on_shift(agents, now, rules))


def call_of(session: Session, conversation: str) -> Call | None:
    """The call of a conversation that is still up."""
    mine = select(Call).where(Call.conversation_id == conversation, Call.ended_at.is_(None))
    return session.scalars(mine.order_by(Call.started_at.desc()).limit(1)).one_or_none()


def entered(session: Session, now: datetime, rules: DeskRules, call: str) -> Handoff | None:
    """The place of a call whose conversation was handed over, given now if it has none; None: nobody is at the desk, or
    there is nothing to hand over."""
    row = session.get(Call, call, populate_existing=True)
    if row is None or row.conversation_id is None or row.ended_at is not None:
        return None
    state = State.from_json(conversations.load(session, row.conversation_id).state)
    if state.ended != "handoff":
        return None
    known = of_conversation(session, row.conversation_id)
    if known is None and not staffed(session, now, rules):
        return None
    return placed(enter(session, now, rules, entry_of(row, state)))


def returned(session: Session, now: datetime, rules: DeskRules, call: str) -> Handoff | None:
    """The place kept for who calls again after the line broke; the new conversation takes over what was said in the old
    one. None: no place is kept, or nobody is at the desk."""
    row = session.get(Call, call, populate_existing=True)
    if row is None or row.conversation_id is None:
        return None
    asked_again = of_call(session, call)
    if asked_again is not None:
        return asked_again
    kept = broken(session, row.from_number)
    if kept is None or not staffed(session, now, rules):
        return None
    state = _taken_over(session, now, kept, row.conversation_id)
    return placed(came_back(session, now, kept, entry_of(row, state)))


def entry_of(call: Call, state: State) -> Entry:
    """What the queue is told of a call and its conversation."""
    filled = state.filled
    secret = filled.get("complaint") == "bribe"
    reason: Reason = "confidential" if secret else _REASONS.get(str(filled.get("reason", "asked")), "rule")
    return Entry(
        conversation=call.conversation_id or "",
        call_sid=call.sid,
        caller=call.from_number,
        language=state.language,
        reason=reason,
        queue="confidential" if secret else _TASKS.get(str(filled.get("task", "")), "general"),
        summary=_summary(state),
    )


def _summary(state: State) -> dict[str, Any]:
    """What the caller had said; the whole conversation is in the store."""
    return {"filled": dict(state.filled), "node": state.node, "turns": state.turns, "misses": state.total_misses}


def placed(row: Handoff) -> Handoff:
    """The handoff with a name for its room."""
    row.room = row.room or room_of(row.id)
    return row


def _taken_over(session: Session, now: datetime, kept: Handoff, conversation: str) -> State:
    before = State.from_json(conversations.load(session, kept.conversation_id).state)
    state = replace(before, conversation=conversation, ended="handoff", outcome="handoff")
    new = conversations.load(session, conversation)
    conversations.save(session, new.id, state.to_json(), expected_version=new.version, now=now)
    conversations.finish(session, now, new.id, "handoff", kept.reason)
    return state
