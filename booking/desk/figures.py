"""The supervisor's figures: of now, of today, and by hour. For a page that asks every few seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import mean
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.desk.rules import DeskRules
from booking.zone import ZONE, local
from models.conversations import Conversation, Turn
from models.presence import Presence
from models.queue import Handoff

LONGEST = timedelta(hours=2)  # a conversation that has no end by then has lost its process


@dataclass(frozen=True)
class Live:
    """A call going on now: where it stands, and what was said last."""

    conversation: str
    caller: str | None
    language: str | None
    started_at: datetime
    node: str | None
    who: str
    text: str
    handoff: Handoff | None


@dataclass(frozen=True)
class Figures:
    """Of a span of time: callers who entered the line, were answered, gave up, were promised a call back, went back to
    the bot; of those answered, how many in time, the mean wait and handling time (seconds, None: nobody); conversations
    that ended, and those of them that needed no agent.

    `service_level` counts all who were answered or gave up, `abandonment` those who entered; None: nobody.
    """

    entered: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    callbacks: int = 0
    returned: int = 0
    wait_s: float | None = None
    longest_s: float | None = None
    handling_s: float | None = None
    conversations: int = 0
    contained: int = 0

    @property
    def service_level(self) -> float | None:
        """The part answered in time."""
        return _part(self.in_time, self.answered + self.abandoned)

    @property
    def abandonment(self) -> float | None:
        """The part that gave up waiting."""
        return _part(self.abandoned, self.entered)

    @property
    def containment(self) -> float | None:
        """The part of conversations that needed no agent."""
        return _part(self.contained, self.conversations)


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
    line = select(Handoff).where(Handoff.state.in_(("waiting", "offered", "talking")))
    rows = list(session.scalars(line.order_by(Handoff.priority.desc(), Handoff.waiting_since, Handoff.id)))
    agents = list(session.scalars(select(Presence).where(Presence.state != "off").order_by(Presence.agent)))
    waits = [r for r in rows if r.state != "talking"]
    longest = max(((now - r.waiting_since).total_seconds() for r in waits), default=0.0)
    return Now(waits, [r for r in rows if r.state == "talking"], agents, Counter(a.state for a in agents), longest)


def calls_now(session: Session, now: datetime) -> list[Live]:
    """The conversations by phone that go on, the longest first, with their last line; also those with an agent."""
    handed = {r.conversation_id: r for r in session.scalars(select(Handoff).where(Handoff.state.in_(_OPEN)))}
    recent = (Conversation.started_at > now - LONGEST) & (Conversation.channel == "phone")
    going = Conversation.ended_at.is_(None) | Conversation.id.in_(list(handed))
    talks = list(session.scalars(select(Conversation).where(recent, going).order_by(Conversation.started_at)))
    newest = select(func.max(Turn.id)).where(Turn.kind != "unheard", Turn.text != "")
    newest = newest.where(Turn.conversation_id.in_([t.id for t in talks])).group_by(Turn.conversation_id)
    last = {t.conversation_id: t for t in session.scalars(select(Turn).where(Turn.id.in_(newest)))}
    return [_live(talk, last.get(talk.id), handed.get(talk.id)) for talk in talks]


def today(session: Session, now: datetime, rules: DeskRules) -> Figures:
    """The figures of the local day so far."""
    return _figures(_handoffs(session, now), _talks(session, now), rules)


def by_hour(session: Session, now: datetime, rules: DeskRules) -> dict[int, Figures]:
    """The same by the local hour (0-23) in which a caller entered the line or a conversation began; no empty ones."""
    handoffs, talks = _handoffs(session, now), _talks(session, now)
    hours = sorted({local(r.entered_at).hour for r in handoffs} | {local(t.started_at).hour for t in talks})
    return {
        hour: _figures(
            [r for r in handoffs if local(r.entered_at).hour == hour],
            [t for t in talks if local(t.started_at).hour == hour],
            rules,
        )
        for hour in hours
    }


_OPEN = ("waiting", "offered", "talking")


def _handoffs(session: Session, now: datetime) -> Sequence[Any]:
    columns = (Handoff.entered_at, Handoff.answered_at, Handoff.ended_at, Handoff.wrapped_at, Handoff.state)
    return session.execute(select(*columns).where(Handoff.entered_at >= _midnight(now))).all()


def _talks(session: Session, now: datetime) -> Sequence[Any]:
    """Conversations of the day that have ended; whether each was handed to an agent."""
    handed = select(Handoff.id).where(Handoff.conversation_id == Conversation.id).exists()
    ended = (Conversation.started_at >= _midnight(now)) & Conversation.ended_at.is_not(None)
    columns = (Conversation.started_at, Conversation.outcome, handed.label("handed"))
    return session.execute(select(*columns).where(ended, Conversation.channel == "phone")).all()


def _midnight(now: datetime) -> datetime:
    return datetime.combine(local(now).date(), time(), ZONE)


def _figures(handoffs: Sequence[Any], talks: Sequence[Any], rules: DeskRules) -> Figures:
    states = Counter(r.state for r in handoffs)
    waits = [(r.answered_at - r.entered_at).total_seconds() for r in handoffs if r.answered_at]
    lasted = [(r.wrapped_at or r.ended_at) - r.answered_at for r in handoffs if r.answered_at and r.ended_at]
    return Figures(
        entered=len(handoffs),
        answered=len(waits),
        in_time=sum(w <= rules.within_s for w in waits),
        abandoned=states["abandoned"],
        callbacks=states["callback"],
        returned=states["returned"],
        wait_s=_mean(waits),
        longest_s=max(waits, default=None),
        handling_s=_mean(s.total_seconds() for s in lasted),
        conversations=len(talks),
        contained=sum(not t.handed and t.outcome not in ("handoff", "cut_off") for t in talks),
    )


def _live(talk: Conversation, last: Turn | None, handoff: Handoff | None) -> Live:
    node, who, text = talk.state.get("node"), last.who if last else "", last.text if last else ""
    return Live(talk.id, talk.caller, talk.language, talk.started_at, node, who, text, handoff)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return mean(found) if found else None


def _part(some: int, of: int) -> float | None:
    return some / of if of else None
