"""Offering callers to agents, in the order of the line. Several processes may do it at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from booking.actors import JOB
from booking.desk.changes import advance, note, set_presence
from booking.desk.matching import choose, on_shift
from booking.desk.rules import DeskRules
from booking.errors import Conflict
from models.presence import Presence
from models.queue import Handoff
from models.store import Store

PAGE = 20
_WAITS = (Handoff.state == "waiting") & Handoff.dropped_at.is_(None)
LOCK = 14546  # PostgreSQL advisory lock: one process offers at a time, or the second caller could overtake the first


@dataclass(frozen=True)
class Offer:
    """A caller offered to an agent; `phone` is where to ring ("": the browser)."""

    handoff: int
    agent: str
    phone: str
    conversation: str
    call_sid: str | None
    room: str | None


def dispatch(store: Store, now: datetime, rules: DeskRules) -> list[Offer]:
    """Offer every caller for whom an agent is ready; each offer is a transaction of its own."""
    return list(_offers(store, now, rules))


def offer_next(session: Session, now: datetime, rules: DeskRules) -> Offer | None:
    """Offer the first caller in line who can be taken; None when there is none. Raises Conflict: try again."""
    if not _anything(session):
        return None
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    shift = on_shift(session.scalars(select(Presence).execution_options(populate_existing=True)), now, rules)
    for row in waiting(session):
        found = choose(row, shift, now, rules)
        if found is not None:
            return _offer(session, now, row, found)
    return None


def waiting(session: Session) -> Iterator[Handoff]:
    """Who waits and is on the line, in order; read page by page, as mostly the first one is taken."""
    line = select(Handoff).where(_WAITS).order_by(Handoff.priority.desc(), Handoff.waiting_since, Handoff.id)
    for start in count(0, PAGE):
        page = session.scalars(line.offset(start).limit(PAGE).execution_options(populate_existing=True)).all()
        yield from page
        if len(page) < PAGE:
            return


def _anything(session: Session) -> bool:
    """Whether somebody waits and somebody is ready: else nobody has to wait for the lock to find that out."""
    both = select(exists().where(_WAITS) & exists().where(Presence.state == "ready"))
    return bool(session.scalar(both))


def _offers(store: Store, now: datetime, rules: DeskRules) -> Iterator[Offer]:
    tries = 0
    while tries < 5:  # whoever is in the way offers, too: what is left over comes with the next look
        try:
            with store.begin() as session:
                offer = offer_next(session, now, rules)
        except Conflict:
            tries += 1
            continue
        if offer is None:
            return
        yield offer


def _offer(session: Session, now: datetime, row: Handoff, to: Presence) -> Offer:
    now = max(now, row.waiting_since, to.since)  # the look at the line may have begun before both were there
    advance(session, now, row, state="offered", offered_to=to.agent, offered_at=now)
    set_presence(session, now, to, "offered", handoff_id=row.id, next_state=to.next_state)
    note(session, now, row, JOB, "offered", {"to": to.agent})
    return Offer(row.id, to.agent, to.phone, row.conversation_id, row.call_sid, row.room)
