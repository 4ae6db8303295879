"""What became of the questions of conversations: how often each was asked, understood, asked again, left. The store
counts; how many conversations it looks at is bounded, whatever the period."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, and_, case, cast, func, null, or_, select
from sqlalchemy.orm import Session

from booking.conversations import REAL
from booking.zone import utc
from models.conversations import Conversation, Turn

MOST = 10_000  # conversations of a period that are counted, the latest
ANSWERS = ("heard", "keyed", "recorded", "silent")


@dataclass(frozen=True)
class Span:
    """From a moment until before another; both aware."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Move:
    """All visits at `node` that went on to `next` (None: to none; it was the last). A visit is an unbroken stay, with
    its reprompts: of `visits` that many had an answer (`answered`), were `understood` by the first one, heard the
    question `again`; in `left` the caller hung up."""

    node: str
    next: str | None
    visits: int
    answered: int
    understood: int
    again: int
    left: int


@dataclass(frozen=True)
class Counted:
    """The moves of a span, in how many `conversations`, and how many these are `of`."""

    moves: Sequence[Move]
    conversations: int
    of: int


@dataclass(frozen=True)
class Been:
    """A conversation that was at a question, last `at`."""

    id: str
    at: datetime
    channel: str
    language: str | None
    outcome: str | None


def count(session: Session, span: Span, ends: Collection[str], most: int = MOST) -> Counted:
    """What happened in the conversations that began in `span`, of these in the latest `most`. A visit counts from the
    caller's first answer on; at the nodes `ends`, where nobody answers, once something was said."""
    of = session.scalar(select(func.count()).select_from(Conversation).where(*_within(span))) or 0
    moves = [Move(**row) for row in session.execute(_moves(_lines(_chosen(span, most), ends))).mappings()]
    return Counted(moves, min(of, most), of)


def been_at(session: Session, node: str, span: Span, most: int) -> list[Been]:
    """The latest conversations of `span` that were at `node`, the newest first."""
    chosen = _chosen(span, MOST)
    there = select(Turn.conversation_id, func.max(Turn.at).label("at")).where(
        Turn.node == node, Turn.kind != "unheard", Turn.conversation_id.in_(select(chosen.c.id))
    )
    visited = there.group_by(Turn.conversation_id).order_by(func.max(Turn.at).desc()).limit(most).cte("visited")
    columns = (Conversation.id, visited.c.at, Conversation.channel, Conversation.language, Conversation.outcome)
    found = select(*columns).join(visited, visited.c.conversation_id == Conversation.id).order_by(visited.c.at.desc())
    return [Been(**row) for row in session.execute(found).mappings()]


def _within(span: Span) -> tuple[ColumnElement[bool], ...]:
    return Conversation.started_at >= utc(span.since), Conversation.started_at < utc(span.until), REAL


def _chosen(span: Span, most: int) -> CTE:
    latest = select(Conversation.id).where(*_within(span)).order_by(Conversation.started_at.desc())
    return latest.limit(most).cte("chosen")


def _moves(lines: CTE) -> Select[Any]:
    """A row for each node and the one after it."""
    stays = _stays(_numbered(lines))
    after = func.lead(stays.c.node).over(partition_by=stays.c.conversation_id, order_by=stays.c.first)
    moved = select(stays, after.label("next")).cte("moved")
    column = moved.c
    return select(
        column.node,
        column.next,
        func.count().label("visits"),
        func.count(column.answered).label("answered"),
        _number(column.understood == column.answered).label("understood"),
        func.count(column.missed).label("again"),
        _number(and_(column.left == column.last, column.next.is_(None))).label("left"),
    ).group_by(column.node, column.next)


def _lines(chosen: CTE, ends: Collection[str]) -> CTE:
    """What callers did, and what was said at the end, each with the node of the line before."""
    before = func.lag(Turn.node).over(partition_by=Turn.conversation_id, order_by=Turn.seq)
    columns = (Turn.conversation_id, Turn.seq, Turn.node, Turn.kind, Turn.understood, before.label("before"))
    asked = select(*columns).join(chosen, chosen.c.id == Turn.conversation_id)
    return asked.where(or_(Turn.who == "caller", Turn.node.in_(ends)), Turn.node != "").cte("lines")


def _numbered(lines: CTE) -> CTE:
    """The lines with the number of the stay to which each belongs."""
    comes = _number_of(lines.c.node.is_distinct_from(lines.c.before))
    stay = func.sum(comes).over(partition_by=lines.c.conversation_id, order_by=lines.c.seq)
    return select(lines, stay.label("stay")).cte("numbered")


def _stays(lines: CTE) -> CTE:
    """A row a stay: the numbers of its first and last line, of the first answer, of the first that was understood, of
    one that was not, and of the caller's hanging up."""
    column = lines.c
    answer, missed = column.kind.in_(ANSWERS), column.understood.is_(null())
    numbers = {
        "first": func.min(column.seq),
        "last": func.max(column.seq),
        "answered": func.min(case((answer, column.seq))),
        "understood": func.min(case((and_(answer, ~missed), column.seq))),
        "missed": func.min(case((and_(answer, missed), column.seq))),
        "left": func.max(case((column.kind == "hung_up", column.seq))),
    }
    groups = (column.conversation_id, column.stay, column.node)
    return select(*groups, *(number.label(name) for name, number in numbers.items())).group_by(*groups).cte("stays")


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(_number_of(condition)), 0), Integer)
