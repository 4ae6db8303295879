"""Asking a second agent into a call: rung like for a caller in line, but the call stays with the first one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.answers import in_hand
from booking.desk.changes import advance, agent, load, note, presence_of, set_presence
from booking.desk.rules import DeskRules
from booking.errors import Conflict, NotAllowed
from models.presence import Presence
from models.queue import Handoff
from models.store import Store


def invite(session: Session, now: datetime, handoff: int, by: str, second: str) -> Handoff:
    """Ring another agent, who must be ready; taking it is `answers.join`. Raises NotAllowed (not his call, the other is
    not ready), NotFound, Conflict."""
    row = in_hand(session, handoff, by)
    other = presence_of(session, second)
    if other.state != "ready":
        raise NotAllowed(f"inviting an agent who is {other.state}")
    advance(session, now, row)
    set_presence(session, now, other, "offered", handoff_id=row.id, next_state=other.next_state)
    note(session, now, row, agent(by), "invited", {"to": second})
    return row


def decline(session: Session, now: datetime, handoff: int, second: str, *, answered: bool = True) -> Handoff:
    """The second agent does not come: ready again, or on a break when the telephone was not answered. Raises NotAllowed
    (not invited), Conflict."""
    row, other = load(session, handoff), presence_of(session, second)
    if other.state != "offered" or other.handoff_id != row.id or row.offered_to == second:
        raise NotAllowed("declining: not invited")
    reason = other.next_state if answered else "no_answer"
    note(session, now, row, agent(second), "declined")
    set_presence(session, now, other, "break" if reason else "ready", reason=reason)
    return row


def lapse_invited(store: Store, now: datetime, rules: DeskRules) -> int:
    """Take back the invitations that nobody has answered; returns how many."""
    asked = select(Presence.agent, Presence.handoff_id).join(Handoff, Handoff.id == Presence.handoff_id)
    old = asked.where(Presence.state == "offered", Presence.since <= now - rules.offer)
    with store.read() as session:
        due = session.execute(old.where(Handoff.state == "talking")).all()
    return sum(_lapse(store, now, handoff, second) for second, handoff in due if handoff is not None)


def _lapse(store: Store, now: datetime, handoff: int, second: str) -> int:
    try:
        with store.begin() as session:
            decline(session, now, handoff, second, answered=False)
    except (Conflict, NotAllowed):  # answered in this very moment
        return 0
    return 1
