"""Conversations: stored after every turn, so that another process can take them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking.errors import NotFound, StaleState
from booking.privacy import masked
from models.base import new_id
from models.conversations import Conversation, Turn

CUT_OFF = "cut_off"
# A conversation is worth taking up again when one of these items was said.
WORTH = ("service", "services", "city", "date", "complaint")
# With one of these tasks (none: booking); the others begin anew, and must not end as a booking.
TASKS = (None, "complaint", "waiting", "move")

REAL = Conversation.trial.is_(None)  # the others are of nobody who wants something: they try a draft


@dataclass(frozen=True)
class Line:
    """One turn: `who` is "bot" or "caller", `kind` what it was (say, heard, keyed, silent …)."""

    who: str
    kind: str
    text: str = ""
    node: str | None = None
    understood: Mapping[str, Any] | None = None


def start(
    session: Session, now: datetime, channel: str, caller: str | None, id: str | None = None, edition: int = 0
) -> str:
    """Begin a conversation with an edition of the prompts and return its id; beginning one with a known `id` again
    changes nothing."""
    if id is not None and session.get(Conversation, id) is not None:
        return id
    row = Conversation(
        id=id or new_id(),
        channel=channel,
        caller=caller,
        state={},
        version=0,
        started_at=now,
        updated_at=now,
        edition=edition,
    )
    session.add(row)
    session.flush()
    return row.id


def load(session: Session, id: str) -> Conversation:
    """The conversation as it is stored now; raises NotFound."""
    row = session.get(Conversation, id, populate_existing=True) if "\x00" not in id else None
    if row is None:
        raise NotFound(f"conversation {id}")
    return row


def save(
    session: Session, id: str, state: Mapping[str, Any], *, expected_version: int, now: datetime | None = None
) -> int:
    """Store `state` and return the new version; raises StaleState when another process stored one meanwhile.

    The state's `language`, where it has one, becomes the conversation's.
    """
    values: dict[str, Any] = {"state": dict(state), "version": expected_version + 1}
    if state.get("language"):
        values["language"] = state["language"]
    if now is not None:
        values["updated_at"] = now
    change = (
        update(Conversation)
        .where(Conversation.id == id, Conversation.version == expected_version)
        .values(**values)
        .returning(Conversation.version)
    )
    version = session.scalar(change)
    if version is None:
        raise StaleState(f"conversation {id}")
    return version


def add_turns(session: Session, now: datetime, id: str, lines: Iterable[Line]) -> list[int]:
    """Append turns and return their numbers; numbers of twelve digits (Aadhaar) are masked."""
    last = session.scalar(select(func.max(Turn.seq)).where(Turn.conversation_id == id)) or 0
    seq = last
    for seq, line in enumerate(lines, last + 1):
        understood = None if line.understood is None else masked(dict(line.understood))
        session.add(
            Turn(
                conversation_id=id,
                seq=seq,
                at=now,
                who=line.who,
                kind=line.kind,
                text=masked(line.text),
                node=line.node,
                understood=understood,
            )
        )
    session.flush()
    return list(range(last + 1, seq + 1))


def correct_turn(session: Session, id: str, seq: int, text: str | None) -> None:
    """Replace what the bot said in a turn by what was heard of it; None: nothing was.

    The row of what was not heard stays, empty and of the kind "unheard": its number must not be used again, because
    who follows a conversation asks for the turns after the last number seen.
    """
    values = {"text": "", "kind": "unheard"} if text is None else {"text": masked(text)}
    session.execute(update(Turn).where(Turn.conversation_id == id, Turn.seq == seq, Turn.who == "bot").values(**values))


def turns(session: Session, id: str) -> list[Turn]:
    """The turns of a conversation in order, without what was not heard."""
    heard = select(Turn).where(Turn.conversation_id == id, Turn.kind != "unheard")
    return list(session.scalars(heard.order_by(Turn.seq)))


def finish(session: Session, now: datetime, id: str, outcome: str, reason: str | None = None) -> None:
    """End a conversation. The first outcome stays, but for "cut_off", which a call taken up again replaces.

    `reason` is that of a handoff.
    """
    row = load(session, id)
    if row.ended_at is not None and row.outcome != CUT_OFF:
        return
    row.ended_at, row.updated_at, row.outcome, row.handoff_reason = now, now, outcome, reason
    session.flush()


def resumable(session: Session, now: datetime, caller: str | None, within_min: float) -> Conversation | None:
    """The caller's last conversation, when it was cut off within `within_min` minutes with something said in it that
    can be gone on with.

    One that was cut off before anything was said does not hide the one before; one that ended in another way does.
    """
    if not caller:
        return None
    ended = (
        select(Conversation)
        .where(Conversation.caller == caller, Conversation.ended_at >= now - timedelta(minutes=within_min), REAL)
        .order_by(Conversation.ended_at.desc(), Conversation.started_at.desc())
    )
    for row in session.scalars(ended):
        if row.outcome != CUT_OFF:
            return None
        filled = row.state.get("filled") or {}
        if filled.get("task") in TASKS and any(filled.get(item) for item in WORTH):
            return row
    return None
