"""Calling a citizen back: from the work list to the page with the telephone, and from there by one button."""

from __future__ import annotations

from flask import Response, abort
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk import tasks
from booking.errors import NotFound
from console.deps import deps
from console.desk.acts import done_by
from console.desk.parts import by_script, changed, home, me, show, spaced
from ivr.gate import open_to
from models.presence import Presence
from models.tasks import Task


@open_to(AGENT, SUPERVISOR, seen="task")
def calling(task: int) -> Response:
    """Whom the task asks me to call, with the button."""
    with deps().store.read() as session:
        return show("calling", task=_mine(session, task), wrong="", spaced=spaced)


@open_to(AGENT, SUPERVISOR)
def call(task: int) -> Answer:
    """Call: my telephone rings, then the citizen's; who never was at the desk is told to come there first."""
    with deps().store.read() as session:
        row, at_desk = _mine(session, task), session.get(Presence, me()) is not None
    wrong = done_by(lambda c: c.call_back(me(), row.id)) if at_desk else "not_at_desk"
    if not by_script():
        return home()
    return (
        show("calling", 409, task=row, wrong=wrong, spaced=spaced)
        if wrong
        else changed(Response(""), "agents", "queue")
    )


def _mine(session: Session, task: int) -> Task:
    """The task, in my hand and with a number; answers 404 for others."""
    try:
        row = tasks.find(session, task)
    except NotFound:
        abort(404)
    if row.owner != me() or row.done_at is not None or not row.number:
        abort(404)
    return row
