"""What the agent is told before taking a call, as facts; prompts make the sentence in the agent's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.conversations import Turn
from models.queue import Handoff, HandoffEvent


@dataclass(frozen=True)
class Whisper:
    """Ids of service and city, when (ISO local time or date as the dialog has it, "" unknown; part of day), the
    question at which it got stuck, why an agent, the caller's language, what another agent said. None: not known."""

    service: str | None
    city: str | None
    when: str
    daypart: str | None
    stuck: str | None
    reason: str
    language: str
    why: str = ""


def whisper(session: Session, row: Handoff) -> Whisper:
    """The facts of a handoff from what the caller had said."""
    said = said_of(row)
    services = said.get("services") or ()
    return Whisper(
        service=said.get("service") or (services[0] if services else None),
        city=said.get("city"),
        when=str(said.get("slot") or said.get("date") or ""),
        daypart=None if said.get("slot") else said.get("daypart"),
        stuck=said.get("stuck") or _stuck(session, row),
        reason=row.reason,
        language=row.language,
        why=last_words(session, row),
    )


def _stuck(session: Session, row: Handoff) -> str | None:
    """Where it got stuck: in this conversation, else in that before the line broke (who calls again begins another)."""
    back = select(HandoffEvent.data).where(HandoffEvent.handoff_id == row.id, HandoffEvent.what == "came_back")
    events = session.scalars(back.order_by(HandoffEvent.id.desc()))
    talks = (row.conversation_id, *(str(data["conversation"]) for data in events if data))
    return next((node for node in (stuck_at(session, talk) for talk in talks) if node), None)


def said_of(row: Handoff) -> Mapping[str, Any]:
    """The items that were filled: the summary itself, or its part of that name when a whole state was given."""
    filled = row.summary.get("filled")
    return filled if isinstance(filled, dict) else row.summary


def stuck_at(session: Session, conversation: str) -> str | None:
    """The question that the caller answered last without being understood; else the last one that was answered."""
    mine = select(Turn.node, Turn.understood).where(Turn.conversation_id == conversation, Turn.who == "caller")
    rows = session.execute(mine.where(Turn.node.is_not(None)).order_by(Turn.seq.desc()).limit(3)).all()
    missed: list[str | None] = [node for node, understood in rows if understood is None]
    return (missed or [node for node, _ in rows] or [None])[0]


def last_words(session: Session, row: Handoff) -> str:
    """What the agent who transferred the call gave as the reason."""
    transfers = select(HandoffEvent.data).where(HandoffEvent.handoff_id == row.id, HandoffEvent.what == "transferred")
    data = session.scalars(transfers.order_by(HandoffEvent.id.desc()).limit(1)).first()
    return str((data or {}).get("why", ""))
