"""The page of one task."""

from __future__ import annotations

from typing import Any

from flask import Response, abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.accounts import people
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk import tasks
from booking.desk.card import said
from booking.desk.tasks import TRIES
from booking.errors import NotFound
from console.accounts.parts import said as told
from console.deps import deps
from console.desk.live import listening
from console.desk.work.parts import OUTCOMES, TYPED, Given, leads, show
from console.desk.work.rows import Row, rows
from ivr.gate import open_to
from models.callbacks import Callback
from models.tasks import Task
from models.voice_notes import VoiceNote


@open_to(AGENT, SUPERVISOR, seen="task")
def task(id: int) -> Response:
    """The whole page."""
    return page_of(id, Given(), told())


@open_to(AGENT, SUPERVISOR, idle=True)
def state(id: int) -> Response:
    """Who has it by now."""
    try:
        with deps().store.read() as session:
            (row,) = rows(session, [tasks.find(session, id)])
    except NotFound:
        abort(404)
    return show("state", row=row)


def page_of(id: int, given: Given, said: str = "") -> Response:
    """The page, with what was sent and what is wrong with it; answers 404 where there is no such task."""
    live = listening()
    status = (409 if given.problem.code in ("conflict", "taken", "over") else 400) if given.problem else 200
    try:
        with deps().store.read() as session:
            values = _known(session, id)
    except NotFound:
        abort(404)
    return show("task", status, live=live, given=given, said=said, **values)


def _known(session: Session, id: int) -> dict[str, Any]:
    task = tasks.find(session, id)
    (row,) = rows(session, [task])
    return {
        "row": row,
        "lines": said(session, task.conversation_id) if task.conversation_id else [],
        "notes": _notes(session, row.booking.note_id if row.booking else None, task),
        "wanted": _callback(session, task),
        "outcomes": OUTCOMES[task.kind],
        "types": task.kind in TYPED and row.booking is not None,
        "whom": _whom(row),
        "agents": agents(session) if leads() else [],
        "last_try": task.tries + 1 >= TRIES,
    }


def _whom(row: Row) -> str:
    """Whose number it is: the executive's who was to visit, else the citizen's."""
    asked = row.task.kind == "unreported" and row.booking is not None and row.booking.executive_id is not None
    return "executive" if asked else "caller"


def _notes(session: Session, of_booking: str | None, task: Task) -> list[VoiceNote]:
    """The recording of the booking, else those of the conversation."""
    mine = VoiceNote.id == of_booking if of_booking else VoiceNote.conversation_id == (task.conversation_id or "")
    return list(session.scalars(select(VoiceNote).where(mine).order_by(VoiceNote.created_at)))


def _callback(session: Session, task: Task) -> Callback | None:
    thing, id = task.subject.split(":")[:2]
    return session.get(Callback, int(id)) if thing == "callback" else None


def agents(session: Session) -> list[tuple[str, str]]:
    """Ids and names of those to whom work can be given."""
    return [(a.id, a.name) for a in people.everybody(session) if AGENT in a.roles and a.locked_at is None]
