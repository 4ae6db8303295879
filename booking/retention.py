"""Retention: what is said is not kept longer than it is needed. Records and their events stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, exists, func, inspect, or_, select, update
from sqlalchemy.orm import Session

from booking.desk.forgetting import delete_unsent, handoffs, tasks
from booking.forgetting import Old, forget_all
from booking.stages import FINAL
from models.access import IdempotentAnswer
from models.appeals import Appeal
from models.bookings import Booking, BookingEvent
from models.callbacks import Callback
from models.callers import Caller
from models.calls import Call
from models.complaints import Complaint, ComplaintEvent
from models.conversations import Conversation, Turn
from models.feedback import Feedback
from models.notices import STATES, Notice
from models.store import Store
from models.voice_notes import VoiceNote
from models.waiting import Waiting

_Written = Complaint | Appeal | Feedback
UNSENT_DAYS = 1  # what an agent has typed and not sent is for the same shift


@dataclass(frozen=True)
class RetentionRules:
    """Days for which is kept: voice notes, transcripts (of conversations, the words of notices, what citizens wrote in
    complaints, appeals and feedback, and why they cancelled, closed or reopened), what a conversation (or its handoff
    to an agent) has collected and who called, callbacks and tasks that are done, answers of the API for replayed
    requests."""

    voice_notes_days: int = 180
    transcripts_days: int = 365
    conversations_days: int = 90
    callbacks_days: int = 90
    answers_days: int = 2


@dataclass(frozen=True)
class Report:
    """What a run has deleted: voice notes, turns, texts of citizens and notices, reasons of citizens, conversations and
    handoffs cleared, numbers of calls, callers, callbacks, tasks, answers, forms that were never sent; and `needed`,
    the voice notes that are old enough but still needed."""

    voice_notes: int = 0
    turns: int = 0
    texts: int = 0
    reasons: int = 0
    conversations: int = 0
    handoffs: int = 0
    calls: int = 0
    callers: int = 0
    callbacks: int = 0
    tasks: int = 0
    answers: int = 0
    unsent: int = 0
    needed: int = 0


def retain(store: Store, now: datetime, rules: RetentionRules) -> Report:
    """Delete what is older than `rules` allow; may be broken off and run again."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    notes, said = before(rules.voice_notes_days), before(rules.transcripts_days)
    called = before(rules.conversations_days)
    with store.read() as session:
        needed = session.scalar(select(func.count(VoiceNote.id)).where(VoiceNote.created_at < notes, _needed(notes)))
    return Report(
        voice_notes=forget_all(store, _notes(notes)),
        turns=forget_all(store, _turns(said)),
        texts=sum(forget_all(store, old) for old in (*_texts(said), _notices(said))),
        reasons=sum(forget_all(store, old) for old in (_cancelled(said), _closed(said))),
        conversations=forget_all(store, _conversations(called)),
        handoffs=forget_all(store, handoffs(called)),
        calls=forget_all(
            store, _changed(Call, (Call.started_at < called) & Call.from_number.is_not(None), from_number=None)
        ),
        callers=forget_all(store, _deleted(Caller, Caller.last_seen < called)),
        callbacks=forget_all(store, _deleted(Callback, Callback.done_at < before(rules.callbacks_days))),
        tasks=forget_all(store, tasks(before(rules.callbacks_days))),
        answers=forget_all(store, _deleted(IdempotentAnswer, IdempotentAnswer.created_at < before(rules.answers_days))),
        unsent=delete_unsent(store, before(UNSENT_DAYS)),
        needed=needed or 0,
    )


def _needed(before: datetime) -> ColumnElement[bool]:
    """Whether a record with this note is not over, or has been changed since `before`.

    A booking in dispute keeps its note, too: that is where the citizen lives.
    """
    booking = Booking.note_id == VoiceNote.id
    return or_(
        exists().where(booking, or_(Booking.stage.not_in(FINAL), Booking.updated_at >= before, _disputed())),
        exists().where(
            Complaint.note_id == VoiceNote.id, or_(Complaint.stage != "closed", Complaint.updated_at >= before)
        ),
        exists().where(Appeal.note_id == VoiceNote.id, or_(Appeal.stage == "registered", Appeal.updated_at >= before)),
        exists().where(Waiting.note_id == VoiceNote.id, Waiting.state.in_(("waiting", "offered"))),
        exists().where(Feedback.note_id == VoiceNote.id, Feedback.at >= before),
    )


def _disputed() -> ColumnElement[bool]:
    """Whether somebody has still to decide on a complaint or an appeal about a booking."""
    return or_(
        exists().where(Complaint.booking_id == Booking.id, Complaint.stage != "closed"),
        exists().where(Appeal.booking_id == Booking.id, Appeal.stage == "registered"),
    )


def _notes(before: datetime) -> Old:
    return _deleted(VoiceNote, (VoiceNote.created_at < before) & ~_needed(before))


def _turns(before: datetime) -> Old:
    spoken = exists().where(Turn.conversation_id == Conversation.id)

    def forget(session: Session, ids: list[Any]) -> int:
        return len(session.scalars(delete(Turn).where(Turn.conversation_id.in_(ids)).returning(Turn.id)).all())

    return Old(select(Conversation.id).where(Conversation.updated_at < before, spoken), forget)


def _notices(before: datetime) -> Old:
    """The rows stay: that and when somebody was told what, and that nothing is told twice."""
    over = Notice.state.in_(STATES[1:])  # not `!= "pending"`: SQLite would not go by the index, but through all notices
    old = over & (Notice.due_at < before) & (Notice.text != "")
    return _changed(Notice, old, text="", recipient="", variables=None)


def _texts(before: datetime) -> list[Old]:
    """What citizens wrote, when it is needed no more: kind, place, answer, order and rating stay."""
    over: list[tuple[type[_Written], ColumnElement[bool]]] = [
        (Complaint, _over(before)),
        (Appeal, (Appeal.stage != "registered") & (Appeal.updated_at < before)),
        (Feedback, Feedback.at < before),
    ]
    return [_changed(table, old & (table.text != ""), text="") for table, old in over]


def _over(before: datetime) -> ColumnElement[bool]:
    """Whether a complaint was closed before, and no appeal about it is to be decided."""
    disputed = exists().where(Appeal.complaint_id == Complaint.id, Appeal.stage == "registered")
    return (Complaint.stage == "closed") & (Complaint.updated_at < before) & ~disputed


def _cancelled(before: datetime) -> Old:
    """Why bookings were cancelled, in the citizens' own words; by whom and when stays."""
    old = (Booking.stage == "cancelled") & (Booking.updated_at < before) & (Booking.reason != "") & ~_disputed()

    def forget(session: Session, ids: list[Any]) -> int:
        events = update(BookingEvent).where(BookingEvent.booking_id.in_(ids), BookingEvent.to_stage == "cancelled")
        session.execute(events.values(why=""))
        session.execute(update(Booking).where(Booking.id.in_(ids)).values(reason=""))
        return len(ids)

    return Old(select(Booking.id).where(old), forget)


def _closed(before: datetime) -> Old:
    """Why complaints were closed or reopened, in the citizens' own words; the offices' words stay."""
    said = or_(ComplaintEvent.to_stage == "closed", ComplaintEvent.what == "reopened") & (ComplaintEvent.why != "")
    old = exists().where(Complaint.id == ComplaintEvent.complaint_id, _over(before))
    return _changed(ComplaintEvent, said & old, why="")


def _conversations(before: datetime) -> Old:
    """The rows stay, for the figures: channel, language, times and outcome."""
    filled = or_(Conversation.caller.is_not(None), cast(Conversation.state, String) != "{}")
    return _changed(Conversation, (Conversation.updated_at < before) & filled, state={}, caller=None)


def _changed(table: type[Any], which: ColumnElement[bool], **values: Any) -> Old:
    key = inspect(table).primary_key[0]

    def forget(session: Session, ids: list[Any]) -> int:
        session.execute(update(table).where(key.in_(ids)).values(**values))
        return len(ids)

    return Old(select(key).where(which), forget)


def _deleted(table: type[Any], which: ColumnElement[bool]) -> Old:
    key = inspect(table).primary_key[0]

    def forget(session: Session, ids: list[Any]) -> int:
        session.execute(delete(table).where(key.in_(ids)))
        return len(ids)

    return Old(select(key).where(which), forget)
