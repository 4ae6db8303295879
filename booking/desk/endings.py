"""How a handoff ends: done, back to the bot, a promised call back, or abandoned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import CALLER, JOB, Actor
from booking.desk import outgoing
from booking.desk.answers import bound_to, in_hand, let_go
from booking.desk.changes import OPEN, advance, agent, load, note, presence_of, set_presence
from booking.desk.line import free
from booking.desk.rules import DeskRules
from booking.desk.task_sources import missed
from booking.errors import BadValue, Conflict, NotAllowed
from booking.privacy import masked
from models.queue import Handoff
from models.store import Store

DISPOSITIONS = tuple(
    "booked moved cancelled answered complaint appeal call_back not_reached wrong_number silent abusive other".split()
)


def hung_up(session: Session, now: datetime, handoff: int, who: Actor = CALLER) -> Handoff:
    """The talk is over; its agent still has the disposition and the note to write. Again, or after another end, it
    changes nothing. Raises Conflict."""
    row = load(session, handoff)
    if row.state == "talking":
        _end(session, now, row, "done", who)
    return row


def finish(session: Session, now: datetime, handoff: int, by: str, disposition: str, text: str = "") -> Handoff:
    """What came of the call; ends it when it is still going on, and the wrap-up: the agent is ready again, or on the
    break asked for. Raises BadValue (disposition), NotAllowed (another agent's), Conflict."""
    if disposition not in DISPOSITIONS:
        raise BadValue(f"disposition: one of {', '.join(DISPOSITIONS)}")
    row = load(session, handoff)
    if row.state in ("waiting", "offered") or row.agent != by:
        raise NotAllowed(f"finishing a call that is {row.state}, or another agent's")
    if row.state == "talking":
        _end(session, now, row, "done", agent(by))
    written = {"disposition": disposition, "note": str(masked(text))}
    advance(session, now, row, wrapped_at=row.wrapped_at or now, **written)
    note(session, now, row, agent(by), "finished", {"disposition": disposition})
    outgoing.written(session, now, row, by)
    wrap_over(session, now, by, row.id)
    return row


def wrap_over(session: Session, now: datetime, by: str, handoff: int) -> None:
    """The agent is ready again after this call, or on the break asked for; nothing when he does something else now."""
    presence = presence_of(session, by)
    if presence.state == "wrap_up" and presence.handoff_id == handoff:
        later = presence.next_state
        set_presence(session, now, presence, "break" if later else "ready", reason=later, seen_at=now)


def return_to_bot(session: Session, now: datetime, handoff: int, who: Actor, node: str = "") -> Handoff:
    """The caller goes on with the bot at the question `node` ("": where it was left): sent by the agent in the call, or
    by own choice while waiting. Raises NotAllowed, Conflict."""
    row = load(session, handoff)
    if row.state == "talking":
        in_hand(session, handoff, who.id)
    elif row.state not in ("waiting", "offered"):
        raise NotAllowed(f"back to the bot when {row.state}")
    return _end(session, now, row, "returned", who, node)


def leave_line(session: Session, now: datetime, handoff: int, state: str, who: Actor) -> Handoff:
    """Out of the line before an agent was reached, as `state`. Raises NotAllowed (talking, or over), Conflict."""
    row = load(session, handoff)
    if row.state not in ("waiting", "offered"):
        raise NotAllowed(f"leaving the line when {row.state}")
    return _end(session, now, row, state, who)


def abandon(session: Session, now: datetime, rules: DeskRules, handoff: int, who: Actor = CALLER) -> Handoff:
    """The caller has given up: counted as such, and put on the list of those to be called back. Raises NotAllowed,
    Conflict."""
    row = leave_line(session, now, handoff, "abandoned", who)
    missed(session, now, rules, row)
    return row


def lapse_dropped(store: Store, now: datetime, rules: DeskRules) -> int:
    """Callers whose line broke and who did not come back in time have given up; returns how many."""
    late = (Handoff.state == "waiting") & (Handoff.dropped_at <= now - rules.drop)
    with store.read() as session:
        lost = list(session.scalars(select(Handoff.id).where(late)))
    return sum(_lapse(store, now, rules, handoff) for handoff in lost)


def _lapse(store: Store, now: datetime, rules: DeskRules, handoff: int) -> int:
    try:
        with store.begin() as session:
            row = load(session, handoff)
            if row.dropped_at is None or row.dropped_at > now - rules.drop:
                return 0
            abandon(session, now, rules, handoff, JOB)
    except (Conflict, NotAllowed):  # came back in this very moment
        return 0
    return 1


def _end(session: Session, now: datetime, row: Handoff, state: str, who: Actor, node: str = "") -> Handoff:
    """End an open handoff, and free its agents."""
    assert row.state in OPEN
    ringing = row.offered_to if row.state == "offered" else None
    inside = bound_to(session, row) if row.state == "talking" else []
    # A line that broke ended the wait then; that it is noticed later must not lengthen it.
    ended = {"ended_at": row.dropped_at or now, "returned_to": node or None, "asked": None}
    advance(session, now, row, state=state, offered_to=None, **ended)
    note(session, now, row, who, state, {"node": node} if node else None)
    if ringing:
        free(session, now, ringing)
    let_go(session, now, row, row.agent, inside)
    return row
