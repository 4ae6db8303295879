"""Retention: what is said is not kept longer than it is needed. Records and their events stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from booking.desk.forgetting import clear_handoffs, delete_tasks, delete_unsent
from booking.stages import FINAL
from models.access import IdempotentAnswer
from models.appeals import Appeal
from models.bookings import Booking
from models.callbacks import Callback
from models.complaints import Complaint
from models.conversations import Conversation, Turn
from models.feedback import Feedback
from models.notices import Notice
from models.store import Store
from models.voice_notes import VoiceNote
from models.waiting import Waiting

_Written = Complaint | Appeal | Feedback
BATCH = 200  # rows (of transcripts: conversations) a transaction, so that callers wait for milliseconds only
UNSENT_DAYS = 1  # what an agent has typed and not sent is for the same shift


@dataclass(frozen=True)
class RetentionRules:
    """Days for which is kept: voice notes, transcripts (of conversations, the words of notices, and what citizens wrote
    in complaints, appeals and feedback), what a conversation (or its handoff to an agent) has collected and who called,
    callbacks and tasks that are done, answers of the API for replayed requests."""

    voice_notes_days: int = 180
    transcripts_days: int = 365
    conversations_days: int = 90
    callbacks_days: int = 90
    answers_days: int = 2


@dataclass(frozen=True)
class Report:
    """What a run has deleted: voice notes, turns, texts of citizens and notices, conversations and handoffs cleared,
    callbacks, tasks, answers, forms that were never sent; and `needed`, the voice notes that are old enough but still
    needed."""

    voice_notes: int = 0
    turns: int = 0
    texts: int = 0
    conversations: int = 0
    handoffs: int = 0
    callbacks: int = 0
    tasks: int = 0
    answers: int = 0
    unsent: int = 0
    needed: int = 0


def retain(store: Store, now: datetime, rules: RetentionRules) -> Report:
    """Delete what is older than `rules` allow, in many short transactions; may be broken off and run again."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    notes = before(rules.voice_notes_days)
    with store.read() as session:
        needed = session.scalar(select(func.count(VoiceNote.id)).where(VoiceNote.created_at < notes, _needed(notes)))
    return Report(
        voice_notes=_all(store, lambda s: _delete_notes(s, notes)),
        turns=_all(store, lambda s: _delete_turns(s, before(rules.transcripts_days))),
        texts=_clear_all_texts(store, before(rules.transcripts_days)),
        conversations=_all(store, lambda s: _clear_conversations(s, before(rules.conversations_days))),
        handoffs=_all(store, lambda s: clear_handoffs(s, before(rules.conversations_days), BATCH)),
        callbacks=_all(store, lambda s: _delete_callbacks(s, before(rules.callbacks_days))),
        tasks=_all(store, lambda s: delete_tasks(s, before(rules.callbacks_days), BATCH)),
        answers=_all(store, lambda s: _delete_answers(s, before(rules.answers_days))),
        unsent=_all(store, lambda s: delete_unsent(s, before(UNSENT_DAYS))),
        needed=needed or 0,
    )


def _all(store: Store, batch: Callable[[Session], int]) -> int:
    """Run `batch`, each in a transaction, until it finds nothing more; returns the sum."""
    total = 0
    while True:
        with store.begin() as session:
            done = batch(session)
        total += done
        if not done:
            return total


def _needed(before: datetime) -> ColumnElement[bool]:
    """Whether a record with this note is not over, or has been changed since `before`.

    A booking in dispute keeps its note, too: that is where the citizen lives.
    """
    booking = Booking.note_id == VoiceNote.id
    disputed = or_(
        exists().where(Complaint.booking_id == Booking.id, Complaint.stage != "closed"),
        exists().where(Appeal.booking_id == Booking.id, Appeal.stage == "registered"),
    )
    return or_(
        exists().where(booking, or_(Booking.stage.not_in(FINAL), Booking.updated_at >= before, disputed)),
        exists().where(
            Complaint.note_id == VoiceNote.id, or_(Complaint.stage != "closed", Complaint.updated_at >= before)
        ),
        exists().where(Appeal.note_id == VoiceNote.id, or_(Appeal.stage == "registered", Appeal.updated_at >= before)),
        exists().where(Waiting.note_id == VoiceNote.id, Waiting.state.in_(("waiting", "offered"))),
        exists().where(Feedback.note_id == VoiceNote.id, Feedback.at >= before),
    )


def _delete_notes(session: Session, before: datetime) -> int:
    old = select(VoiceNote.id).where(VoiceNote.created_at < before, ~_needed(before))
    ids = _first(session, old)
    session.execute(delete(VoiceNote).where(VoiceNote.id.in_(ids)))
    return len(ids)


def _delete_turns(session: Session, before: datetime) -> int:
    spoken = exists().where(Turn.conversation_id == Conversation.id)
    ids = _first(session, select(Conversation.id).where(Conversation.updated_at < before, spoken))
    return len(session.scalars(delete(Turn).where(Turn.conversation_id.in_(ids)).returning(Turn.id)).all())


def _clear_all_texts(store: Store, before: datetime) -> int:
    written = sum(_all(store, _clear_texts(table, over)) for table, over in _texts(before))
    return written + _all(store, lambda s: _clear_notices(s, before))


def _clear_notices(session: Session, before: datetime) -> int:
    """The rows stay: that and when somebody was told what, and that nothing is told twice."""
    old = select(Notice.id).where(Notice.state != "pending", Notice.due_at < before, Notice.text != "")
    ids = _first(session, old)
    session.execute(update(Notice).where(Notice.id.in_(ids)).values(text="", recipient="", variables=None))
    return len(ids)


def _texts(before: datetime) -> list[tuple[type[_Written], ColumnElement[bool]]]:
    """What citizens wrote, and when it is needed no more: kind, place, answer, order and rating stay."""
    disputed = exists().where(Appeal.complaint_id == Complaint.id, Appeal.stage == "registered")
    return [
        (Complaint, (Complaint.stage == "closed") & (Complaint.updated_at < before) & ~disputed),
        (Appeal, (Appeal.stage != "registered") & (Appeal.updated_at < before)),
        (Feedback, Feedback.at < before),
    ]


def _clear_texts(table: type[_Written], over: ColumnElement[bool]) -> Callable[[Session], int]:
    def batch(session: Session) -> int:
        ids = _first(session, select(table.id).where(over, table.text != ""))
        session.execute(update(table).where(table.id.in_(ids)).values(text=""))
        return len(ids)

    return batch


def _clear_conversations(session: Session, before: datetime) -> int:
    """The rows stay, for the figures: channel, language, times and outcome."""
    filled = or_(Conversation.caller.is_not(None), cast(Conversation.state, String) != "{}")
    ids = _first(session, select(Conversation.id).where(Conversation.updated_at < before, filled))
    session.execute(update(Conversation).where(Conversation.id.in_(ids)).values(state={}, caller=None))
    return len(ids)


def _delete_callbacks(session: Session, before: datetime) -> int:
    ids = _first(session, select(Callback.id).where(Callback.done_at < before))
    session.execute(delete(Callback).where(Callback.id.in_(ids)))
    return len(ids)


def _delete_answers(session: Session, before: datetime) -> int:
    ids = _first(session, select(IdempotentAnswer.id).where(IdempotentAnswer.created_at < before))
    session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.id.in_(ids)))
    return len(ids)


def _first(session: Session, ids: Select[Any]) -> list[Any]:
    return list(session.scalars(ids.limit(BATCH)))
