"""Voice notes: the caller's spoken name and address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session, undefer

from booking.errors import NotFound
from models.voice_notes import VoiceNote


def keep(session: Session, now: datetime, conversation: str, audio: bytes, seconds: float) -> str:
    """Store a recording (8 kHz mu-law; `seconds` of speech in it) and return its id."""
    note = VoiceNote(conversation_id=conversation, audio=audio, seconds=seconds, created_at=now)
    session.add(note)
    session.flush()
    return note.id


def get(session: Session, note: str) -> VoiceNote:
    """The voice note with its audio; raises NotFound."""
    row = session.get(VoiceNote, note, options=[undefer(VoiceNote.audio)])
    if row is None:
        raise NotFound(f"voice note {note}")
    return row
