"""Presence: what an agent says of himself, and noticing that one has gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.desk.changes import load, presence_of, set_presence, wrapped
from booking.desk.refusals import withdraw
from booking.desk.rules import DeskRules
from booking.errors import BadValue, Conflict, NotAllowed
from booking.phone import e164
from models.presence import Presence
from models.store import Store

IDLE = ("off", "ready", "break", "wrap_up")
BREAKS = ("lunch", "tea", "training", "meeting", "technical", "personal", "no_answer", "gone")


@dataclass(frozen=True)
class Post:
    """How an agent works: languages spoken, the phone that rings (any spelling; "": the browser)."""

    languages: Sequence[str] = ("hi",)
    phone: str = ""


def come(session: Session, now: datetime, agent: str, post: Post) -> Presence:
    """An agent comes to the desk, or changes how he works; he is not ready by that. The queues that he takes are said
    by others (`booking.desk.queues`). Raises BadValue (phone, no language)."""
    phone = e164(post.phone) if post.phone else ""
    if phone is None:
        raise BadValue("phone: a telephone number")
    if not post.languages:
        raise BadValue("languages: at least one")
    values = {"languages": list(post.languages), "phone": phone}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # Two pages of one agent may open at once.
    first = {"queues": [], "state": "off", "since": now, "seen_at": now, "reason": "", "next_state": "", "version": 1}
    row = insert(Presence).values(agent=agent, **values, **first)
    session.execute(row.on_conflict_do_update(index_elements=["agent"], set_={**values, "seen_at": now}))
    return presence_of(session, agent)


def seen(session: Session, now: datetime, agent: str) -> None:
    """The agent's page is alive. Not a change of the row's version: it must not disturb one that is under way."""
    alive = update(Presence).where(Presence.agent == agent).values(seen_at=now)
    session.execute(alive.execution_options(synchronize_session=False))


def ready(session: Session, now: datetime, agent: str) -> Presence:
    """The agent takes calls from now on; after a wrap-up, too. Again it changes nothing. Raises NotAllowed during a
    call, Conflict."""
    row = presence_of(session, agent)
    if row.state not in IDLE:
        raise NotAllowed(f"ready while {row.state}")
    if row.state == "wrap_up" and row.handoff_id is not None:
        wrapped(session, now, load(session, row.handoff_id), agent)
    return row if row.state == "ready" else set_presence(session, now, row, "ready", seen_at=now)


def pause(session: Session, now: datetime, agent: str, reason: str) -> Presence:
    """The agent takes a break; during a call, or while one is offered, it
    begins after that. Raises BadValue
    (reason), Conflict."""
    if reason not in BREAKS:
        raise BadValue(f"reason: one of {', '.join(BREAKS)}")
    row = presence_of(session, agent)
    if row.state not in IDLE:
        return _later(session, row, reason)
    if row.state == "wrap_up" and row.handoff_id is not None:
        wrapped(session, now, load(session, row.handoff_id), agent)
    return set_presence(session, now, row, "break", reason=reason, seen_at=now)


def stay(session: Session, now: datetime, agent: str) -> Presence:
    """The break that was to begin after the call is not taken. Nothing when none was."""
    return _later(session, presence_of(session, agent), "")


def leave(session: Session, now: datetime, agent: str) -> Presence:
    """The agent goes. A call that is offered goes to the next one. Raises NotAllowed during a call, Conflict."""
    row = presence_of(session, agent)
    if row.state == "talking":
        raise NotAllowed("leaving during a call: finish it or transfer it")
    if row.state == "offered" and row.handoff_id is not None:
        withdraw(session, now, load(session, row.handoff_id), agent, "left")
        row = presence_of(session, agent)
    return row if row.state == "off" else set_presence(session, now, row, "off")


def gone(store: Store, now: datetime, rules: DeskRules) -> int:
    """Take agents whose page has been silent for too long out of the line; returns how many.

    An agent who talks is left alone: the call may go on by telephone while a page is loaded again.
    """
    silent = Presence.seen_at <= now - rules.gone
    with store.read() as session:
        lost = list(session.scalars(select(Presence.agent).where(silent, Presence.state.not_in(("off", "talking")))))
    return sum(_off(store, now, rules, agent) for agent in lost)


def _off(store: Store, now: datetime, rules: DeskRules, agent: str) -> int:
    try:
        with store.begin() as session:
            row = presence_of(session, agent)
            if row.state in ("off", "talking") or row.seen_at > now - rules.gone:
                return 0
            if row.state == "offered" and row.handoff_id is not None:
                withdraw(session, now, load(session, row.handoff_id), agent, "gone")
                row = presence_of(session, agent)
            set_presence(session, now, row, "off", reason="gone")
    except Conflict:  # something happened to this agent in this moment: the next look decides
        return 0
    return 1


def _later(session: Session, row: Presence, reason: str) -> Presence:
    later = update(Presence).where(Presence.agent == row.agent).values(next_state=reason)
    session.execute(later.execution_options(synchronize_session=False))
    session.refresh(row)
    return row
