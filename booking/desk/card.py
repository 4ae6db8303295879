"""The card of a call: who calls, what was said, what is filled. What is missing is the dialog's affair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.callers import language_of
from booking.conversations import REAL
from booking.desk.changes import load
from booking.desk.whisper import Whisper, said_of, whisper
from booking.phone import mobile as mobile_digits
from booking.stages import FINAL
from models.appeals import Appeal
from models.bookings import Booking
from models.callbacks import Callback
from models.complaints import Complaint
from models.conversations import Conversation, Turn
from models.queue import Handoff, HandoffEvent
from models.voice_notes import VoiceNote
from models.waiting import Waiting

EARLIER = 10  # conversations and handoffs shown


@dataclass(frozen=True)
class Caller:
    """Who calls: number (E.164; None withheld), ten digits of an Indian mobile, the language used last; bookings (open
    ones first, newest first), complaints, appeals, places in the waiting list, promised calls back, earlier
    conversations and handoffs."""

    number: str | None
    mobile: str | None
    language: str | None
    bookings: Sequence[Booking]
    complaints: Sequence[Complaint]
    appeals: Sequence[Appeal]
    waiting: Sequence[Waiting]
    callbacks: Sequence[Callback]
    conversations: Sequence[Conversation]
    handoffs: Sequence[Handoff]


@dataclass(frozen=True)
class Said:
    """One turn; `missed`: the caller said something that was not understood."""

    conversation: str
    seq: int
    at: datetime
    who: str
    kind: str
    text: str
    node: str | None
    missed: bool


@dataclass(frozen=True)
class Card:
    """Everything an agent sees of a call: handoff, caller, turns, voice notes (without their sound), the items filled
    so far (plain JSON), the facts of the whisper, what happened to the handoff."""

    handoff: Handoff
    caller: Caller
    said: Sequence[Said]
    notes: Sequence[VoiceNote]
    filled: Mapping[str, Any]
    whisper: Whisper
    events: Sequence[HandoffEvent]


def card(session: Session, handoff: int) -> Card:
    """The card of a handoff; raises NotFound."""
    row = load(session, handoff)
    happened = select(HandoffEvent).where(HandoffEvent.handoff_id == row.id).order_by(HandoffEvent.id)
    events = list(session.scalars(happened))
    spoken = conversations_of(row, events)
    notes = select(VoiceNote).where(VoiceNote.conversation_id.in_(spoken)).order_by(VoiceNote.created_at)
    return Card(
        handoff=row,
        caller=who_calls(session, row.caller, row.conversation_id),
        said=[line for one in spoken for line in said(session, one)],
        notes=list(session.scalars(notes)),
        filled=filled_of(session, row),
        whisper=whisper(session, row),
        events=events,
    )


def conversations_of(row: Handoff, events: Sequence[HandoffEvent]) -> list[str]:
    """The conversations of this handoff, the first one first: who calls again after a broken line begins another."""
    before = [str(e.data["conversation"]) for e in events if e.what == "came_back" and e.data]
    return list(dict.fromkeys([*before, row.conversation_id]))


def said(session: Session, conversation: str, after: int = 0) -> list[Said]:
    """The turns after number `after`: whoever follows a conversation asks for those after the last one seen."""
    rows = select(Turn).where(Turn.conversation_id == conversation, Turn.seq > after, Turn.kind != "unheard")
    return [
        Said(conversation, t.seq, t.at, t.who, t.kind, t.text, t.node, t.who == "caller" and t.understood is None)
        for t in session.scalars(rows.order_by(Turn.seq))
    ]


def filled_of(session: Session, row: Handoff) -> Mapping[str, Any]:
    """What the conversation has collected by now: its state goes on while an agent talks; else what was handed over."""
    talk = session.get(Conversation, row.conversation_id, populate_existing=True)
    return dict((talk.state.get("filled") if talk else None) or said_of(row))


def who_calls(session: Session, number: str | None, now_in: str = "") -> Caller:
    """What is known of a number; `now_in` is the conversation under way, which is no earlier one."""
    mobile = mobile_digits(number) if number else None
    talks = select(Conversation).where(Conversation.caller == (number or ""), Conversation.id != now_in, REAL)
    handed = select(Handoff).where(Handoff.caller == (number or ""), Handoff.conversation_id != now_in)
    due = select(Callback).where(Callback.number == (number or ""), Callback.done_at.is_(None))
    return Caller(
        number=number,
        mobile=mobile,
        language=language_of(session, number),
        bookings=_bookings(session, mobile),
        complaints=_of(session, Complaint, mobile),
        appeals=_of(session, Appeal, mobile),
        waiting=_of(session, Waiting, mobile),
        callbacks=list(session.scalars(due.order_by(Callback.due_at))),
        conversations=list(session.scalars(talks.order_by(Conversation.started_at.desc()).limit(EARLIER))),
        handoffs=list(session.scalars(handed.order_by(Handoff.id.desc()).limit(EARLIER))),
    )


def _bookings(session: Session, mobile: str | None) -> list[Booking]:
    mine = select(Booking).where(Booking.mobile == (mobile or ""))
    order = mine.order_by(Booking.stage.in_(FINAL), Booking.created_at.desc(), Booking.id.desc())
    return list(session.scalars(order.limit(EARLIER)))


def _of(session: Session, table: Any, mobile: str | None) -> list[Any]:
    if mobile is None:
        return []
    mine = select(table).where(table.mobile == mobile)
    return list(session.scalars(mine.order_by(table.id.desc()).limit(EARLIER)))
