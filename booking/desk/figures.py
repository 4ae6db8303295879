"""The supervisor's figures of a day, altogether and by hour. The store counts: a page asks every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from booking.conversations import REAL
from booking.desk.outgoing import REASON
from booking.desk.rules import DeskRules
from booking.zone import ZONE, local, utc
from models.base import UtcTime
from models.conversations import Conversation
from models.elapsed import elapsed_s
from models.queue import Handoff

NEEDED_AGENT = ("handoff", "cut_off")  # outcomes of conversations that were not the bot's alone


@dataclass(frozen=True)
class Figures:
    """Of a span of time: callers who entered the line, were answered, of these in time, gave up, were promised a call
    back, went back to the bot; the seconds that the answered waited, all together and the longest; calls that an agent
    has ended, and their seconds with the work after them; conversations by phone that ended, and those of them that
    needed no agent.

    `service_level` counts all who were answered or gave up, `abandonment` those who entered; None: nobody.
    """

    entered: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    callbacks: int = 0
    returned: int = 0
    waited_s: float = 0.0
    longest_s: float | None = None
    handled: int = 0
    handled_s: float = 0.0
    conversations: int = 0
    contained: int = 0

    def __add__(self, other: Figures) -> Figures:
        """Of both spans together."""
        longest = [s for s in (self.longest_s, other.longest_s) if s is not None]
        sums = {name: getattr(self, name) + getattr(other, name) for name in vars(self) if name != "longest_s"}
        return Figures(**sums, longest_s=max(longest, default=None))

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

    @property
    def wait_s(self) -> float | None:
        """The mean wait of those answered, seconds."""
        return _part(self.waited_s, self.answered)

    @property
    def handling_s(self) -> float | None:
        """The mean length of a call with the work after it, seconds."""
        return _part(self.handled_s, self.handled)


def by_hour(session: Session, now: datetime, rules: DeskRules, first: int = 0) -> dict[int, Figures]:
    """The figures of the local day so far, by the local hour (from `first` to 23) in which a caller entered the line or
    a conversation began; no empty ones."""
    found: dict[int, Figures] = {}
    for query in (_handoffs(now, rules, first), _talks(now, first)):
        for row in session.execute(query).mappings():
            hour = int(row["hour"])
            found[hour] = found.get(hour, Figures()) + _figures(row)
    return dict(sorted(found.items()))


def total(hours: Mapping[int, Figures]) -> Figures:
    """The figures of all these hours together."""
    return sum(hours.values(), Figures())


def today(session: Session, now: datetime, rules: DeskRules) -> Figures:
    """The figures of the local day so far."""
    return total(by_hour(session, now, rules))


def _handoffs(now: datetime, rules: DeskRules, first: int) -> Select[Any]:
    wait = elapsed_s(Handoff.entered_at, Handoff.answered_at)
    length = elapsed_s(Handoff.answered_at, func.coalesce(Handoff.wrapped_at, Handoff.ended_at))
    over = and_(Handoff.answered_at.is_not(None), Handoff.ended_at.is_not(None))
    columns = (
        _hour(now, Handoff.entered_at),
        func.count().label("entered"),
        func.count(Handoff.answered_at).label("answered"),
        _count(wait <= rules.within_s).label("in_time"),
        *(_count(Handoff.state == state).label(name) for name, state in STATES.items()),
        func.sum(wait).label("waited_s"),
        func.max(wait).label("longest_s"),
        _count(over).label("handled"),
        func.sum(case((over, length))).label("handled_s"),
    )
    called = Handoff.reason != REASON  # whom we called has not waited
    return select(*columns).where(*_on_day(now, first, Handoff.entered_at), called).group_by("hour")


STATES = {"abandoned": "abandoned", "callbacks": "callback", "returned": "returned"}


def _talks(now: datetime, first: int) -> Select[Any]:
    """Conversations by phone of the day that have ended."""
    handed = select(Handoff.id).where(Handoff.conversation_id == Conversation.id).exists()
    alone = and_(func.coalesce(Conversation.outcome, "").not_in(NEEDED_AGENT), ~handed)
    columns = (
        _hour(now, Conversation.started_at),
        func.count().label("conversations"),
        _count(alone).label("contained"),
    )
    ended = and_(Conversation.ended_at.is_not(None), Conversation.channel == "phone", REAL)
    return select(*columns).where(*_on_day(now, first, Conversation.started_at), ended).group_by("hour")


def _figures(row: Mapping[Any, Any]) -> Figures:
    """Of a row; nothing was added up where nobody was."""
    return Figures(**{name: value for name, value in row.items() if name != "hour" and value is not None})


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((which, 1)))


def _hour(now: datetime, moment: InstrumentedAttribute[datetime]) -> Any:
    hours = elapsed_s(literal(_midnight(now), UtcTime()), moment) / 3600
    return cast(func.floor(hours), Integer).label("hour")


def _on_day(now: datetime, first: int, moment: InstrumentedAttribute[datetime]) -> tuple[ColumnElement[bool], ...]:
    midnight = _midnight(now)
    return moment >= midnight + timedelta(hours=first), moment < midnight + timedelta(days=1)


def _midnight(now: datetime) -> datetime:
    return utc(datetime.combine(local(now).date(), time(), ZONE))


def _part(some: float, of: int) -> float | None:
    return some / of if of else None
