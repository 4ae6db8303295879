"""The desk at this moment, for the supervisor: who waits, who talks, the agents, and every call with its last line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from booking.conversations import REAL
from booking.desk.changes import OPEN
from models.conversations import Conversation, Turn
from models.presence import Presence
from models.queue import Handoff

LONGEST = timedelta(hours=2)  # a conversation that has no end by then has lost its process
MOST = 60  # calls shown


@dataclass(frozen=True)
class Live:
    """A call going on now: where it stands, and what was said last. `matter` is what the call is about as the dialog
    has it ("" a booking, or not known yet), `service` and `city` their ids."""

    conversation: str
    caller: str | None
    language: str | None
    started_at: datetime
    node: str | None
    matter: str
    service: str | None
    city: str | None
    who: str
    text: str
    handoff: Handoff | None


@dataclass(frozen=True)
class Now:
    """The desk at this moment: who waits (in order), who talks, the agents, the longest wait in seconds."""

    waiting: Sequence[Handoff]
    talking: Sequence[Handoff]
    agents: Sequence[Presence]
    states: Mapping[str, int]
    longest_s: float


def now_at(session: Session, now: datetime) -> Now:
    """The desk at this moment."""
    line = select(Handoff).where(Handoff.state.in_(OPEN))
    rows = list(session.scalars(line.order_by(Handoff.priority.desc(), Handoff.waiting_since, Handoff.id)))
    agents = list(session.scalars(select(Presence).where(Presence.state != "off").order_by(Presence.agent)))
    waits = [r for r in rows if r.state != "talking"]
    longest = max(((now - r.waiting_since).total_seconds() for r in waits), default=0.0)
    return Now(waits, [r for r in rows if r.state == "talking"], agents, Counter(a.state for a in agents), longest)


def calls_now(session: Session, now: datetime, most: int = MOST) -> list[Live]:
    """The calls that go on, at most `most`: who waits for an agent in the order of the line, who talks to one, then who
    talks to the bot, the longest first; each with its last line."""
    line = select(Handoff).where(Handoff.state.in_(OPEN))
    order = line.order_by(Handoff.state == "talking", Handoff.priority.desc(), Handoff.waiting_since, Handoff.id)
    handed = {r.conversation_id: r for r in session.scalars(order.limit(most))}
    theirs = {t.id: t for t in session.scalars(select(Conversation).where(Conversation.id.in_(handed)))}
    alone = session.scalars(_with_bot(select(Conversation), now).order_by(Conversation.started_at).limit(most))
    talks = [*(theirs[id] for id in handed if id in theirs), *alone][:most]
    last = _last_lines(session, [t.id for t in talks])
    return [_live(talk, last.get(talk.id), handed.get(talk.id)) for talk in talks]


def number_now(session: Session, now: datetime) -> int:
    """How many calls go on."""
    handed = select(func.count()).select_from(Handoff).where(Handoff.state.in_(OPEN))
    return (session.scalar(handed) or 0) + (session.scalar(_with_bot(select(func.count(Conversation.id)), now)) or 0)


def _with_bot(query: Select[Any], now: datetime) -> Select[Any]:
    """Conversations by phone that go on without an agent."""
    handed = exists().where(Handoff.conversation_id == Conversation.id, Handoff.state.in_(OPEN))
    going = (Conversation.started_at > now - LONGEST) & Conversation.ended_at.is_(None)
    return query.where(going, Conversation.channel == "phone", REAL, ~handed)


def _last_lines(session: Session, conversations: Sequence[str]) -> dict[str, Turn]:
    said = select(Turn.id).where(Turn.conversation_id == Conversation.id, Turn.kind != "unheard", Turn.text != "")
    newest = said.order_by(Turn.seq.desc()).limit(1).scalar_subquery()
    of_each = select(newest).where(Conversation.id.in_(conversations))
    ids = [id for id in session.scalars(of_each) if id is not None]
    return {t.conversation_id: t for t in session.scalars(select(Turn).where(Turn.id.in_(ids)))}


def _live(talk: Conversation, said: Turn | None, handoff: Handoff | None) -> Live:
    filled = talk.state.get("filled") or {}
    return Live(
        conversation=talk.id,
        caller=talk.caller,
        language=talk.language,
        started_at=talk.started_at,
        node=talk.state.get("node"),
        matter=str(filled.get("task") or ""),
        service=filled.get("service"),
        city=filled.get("city"),
        who=said.who if said else "",
        text=said.text if said else "",
        handoff=handoff,
    )
