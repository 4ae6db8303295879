"""One conversation as people look at it later or from beside: what was said, recorded and made in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking import conversations
from booking.desk.card import Said, said
from models.bookings import Booking
from models.conversations import Conversation, Turn
from models.queue import Handoff
from models.voice_notes import VoiceNote

CORRECTED = 8  # turns: what was not heard of a reply is taken out with the next turn, so no older ones change


@dataclass(frozen=True)
class Talk:
    """A conversation, what was said in it, its voice notes (without their sound), the bookings made in it, and its
    handoffs, the latest first."""

    conversation: Conversation
    said: Sequence[Said]
    notes: Sequence[VoiceNote]
    bookings: Sequence[Booking]
    handoffs: Sequence[Handoff]

    @property
    def handoff(self) -> Handoff | None:
        """The one that is or was the last."""
        return self.handoffs[0] if self.handoffs else None


@dataclass(frozen=True)
class News:
    """What is new after a turn: the lines since; the lines shortly before as they are by now, and the numbers of those
    of which nothing was heard."""

    fresh: Sequence[Said]
    before: Sequence[Said]
    unheard: Sequence[int]


def talk(session: Session, id: str) -> Talk:
    """The conversation; raises NotFound."""
    row = conversations.load(session, id)
    notes = select(VoiceNote).where(VoiceNote.conversation_id == id).order_by(VoiceNote.created_at)
    made = select(Booking).where(Booking.conversation_id == id).order_by(Booking.id)
    handed = select(Handoff).where(Handoff.conversation_id == id).order_by(Handoff.id.desc())
    return Talk(
        conversation=row,
        said=said(session, id),
        notes=list(session.scalars(notes)),
        bookings=list(session.scalars(made)),
        handoffs=list(session.scalars(handed)),
    )


def news(session: Session, id: str, after: int) -> News:
    """What was said after turn `after`, and what has been corrected before it. Raises NotFound."""
    conversations.load(session, id)
    lines = said(session, id, after - CORRECTED)
    gone = (Turn.conversation_id == id) & (Turn.kind == "unheard") & (Turn.seq > after - CORRECTED)
    unheard = list(session.scalars(select(Turn.seq).where(gone, Turn.seq <= after)))
    return News([s for s in lines if s.seq > after], [s for s in lines if s.seq <= after and s.who == "bot"], unheard)
