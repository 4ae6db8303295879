"""Calls as the carrier reports them; reports may come twice, late or in the wrong order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.calls import Call


@dataclass(frozen=True)
class Opening:
    """A call that begins: the carrier's id, the two numbers (None when withheld), the conversation once known."""

    sid: str
    from_number: str | None = None
    to_number: str | None = None
    conversation: str | None = None


def opened(session: Session, now: datetime, opening: Opening) -> Call:
    """Note a call; noting it again only adds what was not known."""
    call = _call(session, now, opening.sid)
    call.from_number = call.from_number or opening.from_number
    call.to_number = call.to_number or opening.to_number
    call.conversation_id = call.conversation_id or opening.conversation
    session.flush()
    return call


def closed(session: Session, now: datetime, sid: str, status: str, duration: int | None = None) -> Call:
    """Note that a call ended (`duration` in seconds); a repeated report changes nothing."""
    call = _call(session, now, sid)
    if call.ended_at is None:
        call.status, call.ended_at, call.duration = status, now, duration
    session.flush()
    return call


def _call(session: Session, now: datetime, sid: str) -> Call:
    """The call's row, made when it is the first report; two reports may come at the same moment."""
    call = session.get(Call, sid)
    if call is None:
        try:
            with session.begin_nested():
                session.add(call := Call(sid=sid, status="in-progress", started_at=now))
        except IntegrityError:
            call = session.get_one(Call, sid)
    return call
