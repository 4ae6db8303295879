"""Calling a citizen back from the work list: an agent's call like any other, but begun by the agent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking import conversations
from booking.desk import tasks
from booking.desk.changes import advance, agent, load, note, presence_of, set_presence
from booking.desk.line import GENERAL
from booking.desk.presence import IDLE
from booking.errors import NotAllowed
from models.queue import Handoff
from models.tasks import Task

REASON = "callback"
NOT_REACHED = "not_reached"
AGAIN = timedelta(minutes=30)  # who was not reached is called again then


def begin(session: Session, now: datetime, task: int, by: str) -> Handoff:
    """The agent, who is at the desk and has the task in hand, sets about calling its number. Raises NotAllowed (not in
    his hand, no number, in a call, never at the desk), NotFound, Conflict."""
    row = tasks.find(session, task)
    presence = presence_of(session, by)
    if row.owner != by or row.done_at is not None or row.number is None:
        raise NotAllowed("calling for a task that is done, in another hand, or without a number")
    if presence.state not in IDLE:
        raise NotAllowed(f"calling back while {presence.state}")
    made = _made(session, now, row, by)
    set_presence(session, now, presence, "talking", handoff_id=made.id, next_state=_after(presence.state))
    note(session, now, made, agent(by), "called_back", {"task": row.id})
    return made


def reached(session: Session, now: datetime, handoff: int, call: str) -> Handoff:
    """The citizen has answered by the carrier's call `call`. Raises NotAllowed (the agent has given up), Conflict."""
    row = load(session, handoff)
    if row.state != "talking" or row.reason != REASON:
        raise NotAllowed(f"answering a call back that is {row.state}")
    if row.call_sid != call:
        advance(session, now, row, call_sid=call, accepted_at=now)
        note(session, now, row, agent(row.agent or ""), "reached")
    return row


def written(session: Session, now: datetime, row: Handoff, by: str) -> None:
    """What came of the call is noted on its task too: done, or to be tried again. Nothing for other calls, and for a
    task that somebody else has by now."""
    if row.reason != REASON:
        return
    task = tasks.find(session, int(row.summary["task"]))
    if task.owner != by or task.done_at is not None:
        return
    if row.disposition == NOT_REACHED:
        tasks.later(session, now, task.id, by, now + AGAIN)
    else:
        tasks.done(session, now, task.id, by, "reached", row.note)


def _made(session: Session, now: datetime, task: Task, by: str) -> Handoff:
    talk = task.conversation_id or _begun(session, now, task)
    filled = dict(conversations.load(session, talk).state.get("filled") or {})
    made = Handoff(
        conversation_id=talk,
        caller=task.number,
        language=task.language,
        reason=REASON,
        queue=GENERAL,
        state="talking",
        agent=by,
        entered_at=now,
        waiting_since=now,
        answered_at=now,
        accepted_at=now,
        refusals=[],
        updated_at=now,
        summary={"filled": filled, "task": task.id},
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # the citizen was quicker, and waits or talks already
        raise NotAllowed("calling back somebody who is on the line") from None
    return made


def _begun(session: Session, now: datetime, task: Task) -> str:
    """A conversation for a task that came from none; the bot has no part in it."""
    talk = conversations.start(session, now, "desk", task.number)
    conversations.finish(session, now, talk, "handoff", REASON)
    return talk


def _after(state: str) -> str:
    """Who was on a break, or not taking calls, is on a break again after the call."""
    return "" if state in ("ready", "wrap_up") else "personal"
