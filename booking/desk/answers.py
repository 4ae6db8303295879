"""Taking a call that is offered, and what an agent does with it: a second agent, another agent, another queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.changes import advance, agent, load, note, presence_of, set_presence
from booking.desk.line import FIRST, free
from booking.errors import NotAllowed
from models.presence import Presence
from models.queue import Handoff


def accept(session: Session, now: datetime, handoff: int, by: str) -> Handoff:
    """The agent takes the call; taking it again changes nothing. Raises NotAllowed (offered to somebody else, or gone),
    Conflict."""
    row = load(session, handoff)
    if row.state == "talking" and row.agent == by:
        return row
    if row.state != "offered" or row.offered_to != by:
        raise NotAllowed(f"accepting: {row.state}, not offered to this agent")
    answered = row.answered_at or now
    advance(session, now, row, state="talking", agent=by, offered_to=None, accepted_at=now, answered_at=answered)
    presence = presence_of(session, by)
    alive = {"handoff_id": row.id, "next_state": presence.next_state, "seen_at": now}
    set_presence(session, now, presence, "talking", **alive)
    note(session, now, row, agent(by), "accepted")
    return row


def to_queue(session: Session, now: datetime, handoff: int, by: str, queue: str, why: str = "") -> Handoff:
    """Give the caller to a queue, ahead of those who have not been with an agent yet; `why` is for the next agent.
    Raises NotAllowed (not his call), Conflict."""
    row = in_hand(session, handoff, by)
    inside = bound_to(session, row)
    wait = {"state": "waiting", "agent": None, "accepted_at": None, "offered_at": None}
    advance(session, now, row, queue=queue, priority=max(row.priority, FIRST), refusals=[by], **wait)
    note(session, now, row, agent(by), "transferred", {"queue": queue, "why": why})
    let_go(session, now, row, by, inside)
    return row


def to_agent(session: Session, now: datetime, handoff: int, by: str, to: str, why: str = "") -> Handoff:
    """Offer the caller to one agent, who must be ready; when that one does not take it, the caller is the first in
    line. Raises NotAllowed (not his call, or `to` is not ready), NotFound, Conflict."""
    row = in_hand(session, handoff, by)
    inside = bound_to(session, row)
    other = presence_of(session, to)
    if other.state != "ready":
        raise NotAllowed(f"transfer to an agent who is {other.state}")
    offer = {"state": "offered", "offered_to": to, "offered_at": now, "agent": None, "accepted_at": None}
    advance(session, now, row, priority=max(row.priority, FIRST), refusals=[by], **offer)
    note(session, now, row, agent(by), "transferred", {"to": to, "why": why})
    let_go(session, now, row, by, inside)
    set_presence(session, now, other, "offered", handoff_id=row.id)
    return row


def join(session: Session, now: datetime, handoff: int, second: str, by: str = "") -> Handoff:
    """A second agent (or supervisor with a presence), who must be ready or invited, takes part; the call stays the
    first one's. Raises NotAllowed (nobody talks, not ready), NotFound, Conflict."""
    row = load(session, handoff)
    other = presence_of(session, second)
    if row.state != "talking" or (by and row.agent != by):
        raise NotAllowed(f"joining a call that is {row.state}")
    if other.state != "ready" and (other.state, other.handoff_id) != ("offered", row.id):
        raise NotAllowed(f"joining by an agent who is {other.state}")
    advance(session, now, row)
    set_presence(session, now, other, "talking", handoff_id=row.id, next_state=other.next_state)
    note(session, now, row, agent(by or second), "joined", {"agent": second})
    return row


def part(session: Session, now: datetime, handoff: int, leaves: str) -> Handoff:
    """One of two agents leaves the call; when it was the first one, the call is the other one's from now on. Raises
    NotAllowed (not in this call, or nobody else is), Conflict."""
    row = load(session, handoff)
    others = [a for a in talking_in(session, row) if a != leaves]
    mine = presence_of(session, leaves)
    if row.state != "talking" or not others or mine.handoff_id != row.id:
        raise NotAllowed("leaving a call in which nobody else is: finish it, transfer it or give it back")
    first = row.agent == leaves
    advance(session, now, row, **({"agent": others[0], "accepted_at": now} if first else {}))
    note(session, now, row, agent(leaves), "parted", {"agent": row.agent})
    if first:
        wrap_up(session, now, leaves, row.id)
    else:
        set_presence(session, now, mine, "break" if mine.next_state else "ready", reason=mine.next_state)
    return row


def in_hand(session: Session, handoff: int, by: str) -> Handoff:
    """The handoff in which this agent talks; raises NotAllowed."""
    row = load(session, handoff)
    if row.state != "talking" or row.agent != by:
        raise NotAllowed(f"a call that is {row.state}, or another agent's")
    return row


def wrap_up(session: Session, now: datetime, by: str, handoff: int) -> None:
    """The agent's call is over; its disposition and note may follow."""
    row = presence_of(session, by)
    set_presence(session, now, row, "wrap_up", handoff_id=handoff, next_state=row.next_state)


def let_go(session: Session, now: datetime, row: Handoff, first: str | None, inside: Sequence[str]) -> None:
    """The call is over for the agents inside: the one whose it was has work after it, a second one has none."""
    for one in inside:
        if one == first:
            wrap_up(session, now, one, row.id)
        else:
            free(session, now, one)


def talking_in(session: Session, row: Handoff) -> list[str]:
    """The agents in this call, the one whose it is first."""
    return _bound(session, row, ("talking",))


def bound_to(session: Session, row: Handoff) -> list[str]:
    """The agents in this call and those who are rung to join it."""
    return _bound(session, row, ("talking", "offered"))


def _bound(session: Session, row: Handoff, states: tuple[str, ...]) -> list[str]:
    inside = select(Presence.agent).where(Presence.handoff_id == row.id, Presence.state.in_(states))
    return sorted(session.scalars(inside), key=lambda a: (a != row.agent, a))
