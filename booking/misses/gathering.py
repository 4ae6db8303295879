"""The conversations of a span of time, with what their callers said, from the store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, String, cast, exists, select
from sqlalchemy.orm import Session

from booking.misses.finding import Answer, Talk
from models.complaints import Complaint
from models.conversations import Conversation, Turn


def talks(session: Session, since: datetime, until: datetime) -> Iterator[Talk]:
    """The conversations that began from `since` on and before `until`, in no order, without those about a confidential
    complaint: what was said there is not for everybody."""
    rows = session.execute(_turns(since, until)).yield_per(5000)
    for id, found in groupby(rows, key=lambda row: row.conversation_id):
        turns = list(found)
        yield Talk(str(id), turns[0].started_at, turns[0].handoff_reason, [_answer(row) for row in turns])


def _turns(since: datetime, until: datetime) -> Select[Any]:
    secret = exists().where(Complaint.conversation_id == Conversation.id, Complaint.confidential)
    columns: tuple[Any, ...] = (Turn.conversation_id, Turn.at, Turn.kind, Turn.text, Turn.node, Conversation.started_at,
               Conversation.handoff_reason, cast(Turn.understood, String).label("understood"))  # fmt: skip
    return (
        select(*columns)
        .join(Conversation, Turn.conversation_id == Conversation.id)
        .where(Conversation.started_at >= since, Conversation.started_at < until, ~secret)
        .where(Turn.who == "caller", Turn.node.is_not(None))
        .order_by(Turn.conversation_id, Turn.seq)
    )


def _answer(row: Row[Any]) -> Answer:
    """A plain row: as objects of the ORM ten thousands of turns would take seconds."""
    return Answer(row.at, row.kind, row.text, row.node, _items(row.understood))


def _items(text: str | None) -> dict[str, Any] | None:
    if text in (None, "null"):
        return None
    return dict(json.loads(text)) if text and text != "{}" else {}
