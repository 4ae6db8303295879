"""Where tasks come from: promised calls back, missed callers, bookings that lack an address or were hard to make, and
visits that went wrong (`visit_tasks`) or cannot take place (`stranded_tasks`).

Each is made once, however often it is looked for, and closed when its cause has gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from booking.actors import JOB
from booking.conversations import CUT_OFF, REAL, WORTH
from booking.desk.making import New, ensure, without
from booking.desk.needless import Open, needless
from booking.desk.rules import DeskRules
from booking.desk.tasks import close
from booking.stages import APPOINTED
from booking.zone import local_day
from models.bookings import Booking
from models.callbacks import Callback
from models.conversations import Conversation, Turn
from models.queue import Handoff
from models.store import Store
from models.tasks import Task
from models.voice_notes import VoiceNote

BACK = timedelta(days=7)  # older rows have had their task, or are of no use any more
MISSED_BACK = timedelta(days=1)


@dataclass(frozen=True)
class Report:
    """What a run did: tasks made, and closed because nothing is left to do."""

    made: int = 0
    closed: int = 0


def gather(store: Store, now: datetime, rules: DeskRules) -> Report:
    """Make the tasks that are missing and close those that have become needless. It looks at the bookings of a week
    and at all open tasks: no writer waits for that."""
    with store.read() as session:
        found = [*_callbacks(session), *_cut_off(session, now, rules)]
        found += [*_addresses(session, now, rules), *_doubtful(session, now, rules)]
        over = needless(session, local_day(now))
    if not found and not over:
        return Report()
    with store.begin() as session:
        made = sum(ensure(session, now, new) for new in found)
        return Report(made, sum(_close(session, now, task) for task in over))


def missed(session: Session, now: datetime, rules: DeskRules, row: Handoff) -> None:
    """Somebody gave up waiting: to be called back, where the number is known."""
    if row.caller:
        due = now + timedelta(minutes=rules.missed_min)
        new = New("missed_call", f"handoff:{row.id}", due, row.caller, row.language, row.conversation_id)
        ensure(session, now, new)


def due_callback(session: Session, now: datetime, row: Callback) -> None:
    """A promised call back, at once on the list and at its time."""
    if not ensure(session, now, _callback(row)):
        mine = select(Task).where(Task.kind == "callback", Task.subject == f"callback:{row.id}")
        task = session.scalars(mine.execution_options(populate_existing=True)).one()
        task.due_at, task.number = row.due_at, row.number
        session.flush()


def _callback(row: Callback) -> New:
    return New("callback", f"callback:{row.id}", row.due_at, row.number, row.language, row.conversation_id)


def _callbacks(session: Session) -> Iterator[New]:
    rows = select(Callback).where(Callback.done_at.is_(None), without("callback", "callback:", Callback.id))
    yield from map(_callback, session.scalars(rows))


def _cut_off(session: Session, now: datetime, rules: DeskRules) -> Iterator[New]:
    """Callers whose call broke off in the middle and who have not called again."""
    rows = select(Conversation).where(
        Conversation.started_at > now - MISSED_BACK,
        Conversation.outcome == CUT_OFF,
        Conversation.channel == "phone",
        REAL,
        Conversation.caller.is_not(None),
        # Who calls again soon is asked whether to go on: those are not called.
        Conversation.ended_at <= now - timedelta(minutes=rules.missed_min / 2),
        ~_came_again(),
        ~exists().where(Task.kind == "missed_call", Task.subject == literal("conversation:") + Conversation.id),
    )
    for row in session.scalars(rows):
        filled = row.state.get("filled") or {}
        if any(filled.get(item) for item in WORTH):
            due = now + timedelta(minutes=rules.missed_min)
            yield New("missed_call", f"conversation:{row.id}", due, row.caller, row.language or "hi", row.id)


def _came_again() -> ColumnElement[bool]:
    other = aliased(Conversation)
    later = other.started_at > Conversation.started_at
    return exists().where(other.caller == Conversation.caller, later, other.trial.is_(None))


def _addresses(session: Session, now: datetime, rules: DeskRules) -> Iterator[New]:
    """Visits ahead whose address is only a recording, or not known at all."""
    rows = (
        select(Booking, VoiceNote.text)
        .outerjoin(VoiceNote, VoiceNote.id == Booking.note_id)
        .where(_recent(now), Booking.address == "", func.coalesce(VoiceNote.text, "") == "")
        .where(without("voice_note", "booking:", Booking.id), without("address", "booking:", Booking.id))
    )
    for row, _ in session.execute(rows):
        yield _of_booking("voice_note" if row.note_id else "address", row, now, rules)


def _doubtful(session: Session, now: datetime, rules: DeskRules) -> Iterator[New]:
    """Visits ahead that were booked although much was not understood."""
    missing = (Turn.conversation_id == Booking.conversation_id) & (Turn.who == "caller") & Turn.understood.is_(None)
    count = select(func.count(Turn.id)).where(missing, Turn.kind == "heard").scalar_subquery()
    rows = select(Booking).where(_recent(now), without("low_confidence", "booking:", Booking.id))
    for row in session.scalars(rows.where(count >= rules.doubtful)):
        yield _of_booking("low_confidence", row, now, rules)


def _recent(now: datetime) -> ColumnElement[bool]:
    return (Booking.created_at > now - BACK) & Booking.stage.in_(APPOINTED)


def _of_booking(kind: str, row: Booking, now: datetime, rules: DeskRules) -> New:
    due = min(now + timedelta(minutes=rules.address_min), row.starts_at)
    return New(kind, f"booking:{row.id}", due, f"+91{row.mobile}", row.language, row.conversation_id)


def _close(session: Session, now: datetime, task: Open) -> bool:
    """Close it unless somebody has just taken it in hand."""
    row = session.get(Task, task.id, with_for_update=True)
    if row is None or row.version != task.version:
        return False
    close(session, now, row, JOB)
    return True
