"""What callers said lately, for judging what a change of phrases would do to it; numbers are masked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.conversations import REAL
from booking.masking import without_numbers
from models.conversations import Conversation, Turn

DAYS = 30
MOST = 1000  # answers: some 0.7 s of comparing
LONGEST = 120  # characters; longer ones tell a story rather than answer


@dataclass(frozen=True)
class Answer:
    """What a caller said at the question `node`, in the language of the conversation."""

    text: str
    node: str
    language: str


def lately(session: Session, now: datetime, nodes: Collection[str]) -> list[Answer]:
    """The answers to questions of `nodes` in the last `DAYS` days, the newest `MOST` of them, each once."""
    rows = session.execute(
        select(Turn.text, Turn.node, Conversation.language)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Turn.at >= now - timedelta(days=DAYS), Turn.who == "caller", Turn.kind == "heard", REAL)
        .where(Turn.node.in_(list(nodes)))
        .order_by(Turn.id.desc())
        .limit(MOST)
    )
    said = (Answer(without_numbers(text), node or "", language or "hi") for text, node, language in rows)
    return list(dict.fromkeys(one for one in said if 0 < len(one.text) <= LONGEST))
