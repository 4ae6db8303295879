"""Numbers that change when something at the desk does: whoever shows it asks for these again and again, not for the
rows. Read from the store alone, so that all processes give the same number for the same state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking import viewings
from booking.desk.changes import OPEN
from models.conversations import Conversation, Turn
from models.presence import Presence
from models.queue import Handoff, HandoffEvent
from models.tasks import Task

EVERY_TALK = "*"
LONGEST = timedelta(hours=2)  # no call is longer: older conversations without an end were left behind by a crash


def versions(session: Session) -> dict[str, int]:
    """`queue`: handoffs and what happened to them; `agents`: who is at the desk and what they do, but not that their
    page is alive; `tasks`: the work list; `records`: bookings and complaints that agents have open."""
    records = number(viewings.stands(session))
    return {"queue": _queue(session), "agents": _agents(session), "tasks": _tasks(session), "records": records}


def talks(session: Session, now: datetime, conversations: Iterable[str]) -> Mapping[str, int]:
    """A number for each conversation: its turns, what was corrected in them, and its state. EVERY_TALK stands for all
    those that go on."""
    wanted = set(conversations)
    found = {one: number([part]) for one, part in _said(session, wanted - {EVERY_TALK}).items()}
    if EVERY_TALK in wanted:
        found[EVERY_TALK] = _everything(session, now)
    return found


def number(facts: Iterable[Any]) -> int:
    """A number that stands for `facts` (plain values in a fixed order)."""
    return crc32(repr(list(facts)).encode())


def _queue(session: Session) -> int:
    # The events alone are not enough: PostgreSQL may show a later number before an earlier one.
    line = select(func.count(), func.sum(Handoff.version), func.max(Handoff.id)).where(Handoff.state.in_(OPEN))
    return number([session.scalar(select(func.max(HandoffEvent.id))), *session.execute(line).one()])


def _agents(session: Session) -> int:
    row = (Presence.agent, Presence.version, Presence.next_state, Presence.phone, Presence.languages, Presence.queues)
    return number(tuple(found) for found in session.execute(select(*row).order_by(Presence.agent)))


def _tasks(session: Session) -> int:
    undone = select(func.count(), func.sum(Task.version), func.max(Task.id), func.sum(Task.id))
    return number(session.execute(undone.where(Task.done_at.is_(None))).one())


def _said(session: Session, wanted: set[str]) -> dict[str, Any]:
    if not wanted:
        return {}
    lines = select(Turn.conversation_id, func.max(Turn.seq), func.sum(func.length(Turn.text)))
    turns = lines.where(Turn.conversation_id.in_(wanted)).group_by(Turn.conversation_id)
    said = {one: (last, length) for one, last, length in session.execute(turns)}
    stands = select(Conversation.id, Conversation.version, Conversation.ended_at.is_(None))
    rows = session.execute(stands.where(Conversation.id.in_(wanted)))
    return {one: (version, bool(on), said.get(one)) for one, version, on in rows}


def _everything(session: Session, now: datetime) -> int:
    last = session.scalar(select(func.max(Turn.id)))
    going = (Conversation.started_at > now - LONGEST) & Conversation.ended_at.is_(None)
    return number([last, *session.execute(select(func.count(), func.sum(Conversation.version)).where(going)).one()])
