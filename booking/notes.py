"""Voice notes: the caller's spoken name and address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session, undefer

from booking.errors import NotFound
from booking.privacy import masked
from models.voice_notes import VoiceNote


def keep(session: Session, now: datetime, conversation: str, audio: bytes, seconds: float, text: str = "") -> str:
    """Store a recording (8 kHz mu-law; `seconds` of speech in it), or the `text` typed instead, and return its id.

    Numbers of twelve digits (Aadhaar) in the text are masked.
    """
    note = VoiceNote(conversation_id=conversation, audio=audio, seconds=seconds, text=str(masked(text)), created_at=now)
    session.add(note)
    session.flush()
    return note.id


def get(session: Session, note: str) -> VoiceNote:
    """The voice note with its audio; raises NotFound."""
    row = session.get(VoiceNote, note, options=[undefer(VoiceNote.audio)]) if "\x00" not in note else None
    if row is None:
        raise NotFound(f"voice note {note}")
    return row
