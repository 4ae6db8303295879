"""An offer that was not taken: refused, not answered in time, or its agent has gone. The caller keeps the place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.changes import advance, agent, load, note, presence_of, set_presence
from booking.desk.rules import DeskRules
from booking.errors import Conflict, NotAllowed
from models.queue import Handoff
from models.store import Store


def refuse(session: Session, now: datetime, handoff: int, by: str) -> Handoff:
    """The agent does not take it and stays ready, behind the others who are. Raises NotAllowed (not offered to him),
    Conflict."""
    row = load(session, handoff)
    release(session, now, row, by, "refused")
    _free(session, now, by, "", seen_at=now)
    return row


def no_answer(session: Session, now: datetime, handoff: int, by: str) -> Handoff:
    """The agent's telephone was not answered: nobody is there, so he is on a break until he says otherwise. Raises
    NotAllowed (not offered to him), Conflict."""
    row = load(session, handoff)
    release(session, now, row, by, "no_answer")
    _free(session, now, by, "no_answer")
    return row


def taken_up(session: Session, now: datetime, handoff: int, by: str) -> None:
    """The agent's telephone was taken up, and hears what the call is about: the time to answer begins anew. Nothing for
    one who is asked to join a call. Raises Conflict."""
    row = load(session, handoff)
    if row.state == "offered" and row.offered_to == by:
        advance(session, now, row, offered_at=now)


def lapse(store: Store, now: datetime, rules: DeskRules) -> int:
    """Take back the offers that nobody has answered; returns how many."""
    old = select(Handoff.id, Handoff.offered_to).where(
        Handoff.state == "offered", Handoff.offered_at <= now - rules.offer
    )
    with store.read() as session:
        due = session.execute(old).all()
    return sum(_lapse(store, now, rules, handoff, to) for handoff, to in due if to is not None)


def release(session: Session, now: datetime, row: Handoff, by: str, what: str) -> None:
    """The caller waits again, and `by` comes last for this one. The agent's own presence is not touched.

    Raises NotAllowed (not offered to him), Conflict.
    """
    if row.state != "offered" or row.offered_to != by:
        raise NotAllowed(f"{what}: not offered to this agent")
    refusals = [*(a for a in row.refusals if a != by), by]
    advance(session, now, row, state="waiting", offered_to=None, refusals=refusals)
    note(session, now, row, agent(by), what)


def withdraw(session: Session, now: datetime, row: Handoff, by: str, what: str) -> None:
    """An agent goes while the telephone rings: for a caller in line, or to join a call. Raises Conflict."""
    if row.offered_to == by:
        release(session, now, row, by, what)
    else:
        note(session, now, row, agent(by), what)


def _free(session: Session, now: datetime, by: str, reason: str, **values: datetime) -> None:
    presence = presence_of(session, by)
    reason = reason or presence.next_state
    set_presence(session, now, presence, "break" if reason else "ready", reason=reason, **values)


def _lapse(store: Store, now: datetime, rules: DeskRules, handoff: int, to: str) -> int:
    try:
        with store.begin() as session:
            row = load(session, handoff)
            if row.offered_at is None or row.offered_at > now - rules.offer:
                return 0
            no_answer(session, now, handoff, to)
    except (Conflict, NotAllowed):  # answered in this very moment
        return 0
    return 1
