"""For which conversation an agent fills in a form: a call in hand, a call back, or none."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.card import conversations_of, filled_of
from booking.errors import NotFound
from booking.phone import mobile as mobile_digits
from console.desk.forms.parts import number_in
from console.person import person
from models.conversations import Conversation
from models.queue import Handoff, HandoffEvent
from models.voice_notes import VoiceNote

KEY = re.compile(r"[A-Za-z0-9_-]{12}")
TALK = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Talk:
    """What is known of the conversation: its id (that under which seats are held), the caller's number (E.164) and
    language, what was filled, the voice notes, the oldest first."""

    conversation: str
    caller: str | None = None
    language: str = "hi"
    filled: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[VoiceNote] = ()

    @property
    def mobile(self) -> str:
        """The ten digits of a calling mobile; "" for a landline, a foreign or a withheld number."""
        return (mobile_digits(self.caller) if self.caller else None) or ""


@dataclass(frozen=True)
class Source:
    """How a form names its conversation: `handoff` (number), `talk` (conversation) or `key` (of the form itself)."""

    kind: str
    id: str

    @property
    def fields(self) -> dict[str, str]:
        """As hidden fields of a form, or a query."""
        return {self.kind: self.id}

    @property
    def link(self) -> dict[str, str]:
        """The same for links: a form's own key is not handed on."""
        return {} if self.kind == "key" else self.fields

    @property
    def handoff(self) -> int | None:
        """The call in hand."""
        return number_in(self.id) if self.kind == "handoff" else None


def source() -> Source:
    """That of the present request; a fresh key where it names none."""
    asked = request.values
    if number_in(asked.get("handoff", "")):
        return Source("handoff", asked["handoff"])
    if TALK.fullmatch(asked.get("talk", "")):
        return Source("talk", asked["talk"])
    given = asked.get("key", "")
    return Source("key", given if KEY.fullmatch(given) else secrets.token_urlsafe(9))


def talk(session: Session, of: Source) -> Talk:
    """The conversation of a form; raises NotFound."""
    if of.handoff is not None:
        return _handed(session, of.handoff)
    if of.kind == "talk":
        row = session.get(Conversation, of.id)
        if row is None:
            raise NotFound(f"conversation {of.id}")
        return Talk(row.id, row.caller, row.language or "hi", _filled(row), _notes(session, [row.id]))
    return Talk(f"desk-{person().account_id}-{of.id}")


def conversation_of(session: Session, of: Source) -> str:
    """The conversation for which seats are held; where there is none, what stands for it belongs to the agent and to
    one form. Raises NotFound."""
    return talk(session, of).conversation


def _handed(session: Session, handoff: int) -> Talk:
    row = session.get(Handoff, handoff)
    if row is None:
        raise NotFound(f"handoff {handoff}")
    events = session.scalars(select(HandoffEvent).where(HandoffEvent.handoff_id == row.id).order_by(HandoffEvent.id))
    notes = _notes(session, conversations_of(row, list(events)))
    return Talk(row.conversation_id, row.caller, row.language, filled_of(session, row), notes)


def _filled(row: Conversation) -> Mapping[str, Any]:
    return dict(row.state.get("filled") or {})


def _notes(session: Session, conversations: Sequence[str]) -> list[VoiceNote]:
    mine = select(VoiceNote).where(VoiceNote.conversation_id.in_(conversations))
    return list(session.scalars(mine.order_by(VoiceNote.created_at)))
