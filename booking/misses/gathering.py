"""The conversations of a span of time, with what their callers said, from the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, exists, select
from sqlalchemy.orm import Session

from booking.conversations import REAL
from booking.misses.finding import Answer, Talk
from models.complaints import Complaint
from models.conversations import Conversation, Turn

READ_AT_ONCE = 5000  # rows


def talks(session: Session, since: datetime, until: datetime) -> Iterator[Talk]:
    """The conversations that began from `since` on and before `until`, in no order, without those about a confidential
    complaint, as what was said there is not for everybody, and without those that try a draft."""
    spans = select(Conversation.id, Conversation.started_at, Conversation.handoff_reason).where(*_wanted(since, until))
    known = {id: (started_at, reason) for id, started_at, reason in session.execute(spans)}
    rows = session.execute(_turns(since, until)).yield_per(READ_AT_ONCE)
    for id, turns in groupby(rows, key=lambda row: str(row.conversation_id)):
        if id in known:  # it may have begun in between
            yield Talk(id, *known[id], [_answer(row) for row in turns])


def _wanted(since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    secret = exists().where(Complaint.conversation_id == Conversation.id, Complaint.confidential)
    return [Conversation.started_at >= since, Conversation.started_at < until, REAL, ~secret]


def _turns(since: datetime, until: datetime) -> Select[Any]:
    """Their callers' turns, without any time: to make datetimes of them would take half of the whole."""
    columns: tuple[Any, ...] = (Turn.conversation_id, Turn.kind, Turn.text, Turn.node,
                                cast(Turn.understood, String).label("understood"))  # fmt: skip
    return (
        select(*columns)
        .join(Conversation, Turn.conversation_id == Conversation.id)
        .where(*_wanted(since, until), Turn.who == "caller", Turn.node.is_not(None))
        .order_by(Turn.conversation_id, Turn.seq)
    )


def _answer(row: Row[Any]) -> Answer:
    """A plain row: as objects of the ORM ten thousands of turns would take seconds."""
    return Answer(row.kind, row.text, row.node, _items(row.understood))


@lru_cache(maxsize=10_000)  # most answers change one of a few items
def _items(text: str | None) -> Mapping[str, Any] | None:
    if text in (None, "null"):
        return None
    return dict(json.loads(text)) if text and text != "{}" else {}
