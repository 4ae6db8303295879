"""Editions of the prompts in the store: published, listed, gone back to. What was published is never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.editions import Edition
from prompts.errors import PromptError

FIRST = 0  # the files that the product came with
LONGEST_NOTE = 500  # characters


@dataclass(frozen=True)
class Publication:
    """Who publishes (login), what for, and from when on it counts (aware; None: at once)."""

    author: str
    note: str
    from_at: datetime | None = None


def publish(
    session: Session, now: datetime, what: Publication, files: Mapping[str, str], copy_of: int | None = None
) -> Edition:
    """A new edition with `files`, which the caller has checked. Raises PromptError (no note, a time that is past)."""
    note = what.note.strip()
    if not note or len(note) > LONGEST_NOTE:
        raise PromptError(f"note: say what has changed, in at most {LONGEST_NOTE} characters.")
    if what.from_at is not None and what.from_at < now:
        raise PromptError(f"from: {what.from_at.isoformat()} is past; leave it out to publish at once.")
    row = Edition(
        made_at=now, from_at=what.from_at or now, author=what.author, note=note, copy_of=copy_of, files=dict(files)
    )
    session.add(row)
    session.flush()
    return row


def roll_back(session: Session, now: datetime, what: Publication, to: int, first: Mapping[str, str]) -> Edition:
    """The edition `to` again, as a new one; `first` are the files of edition 0. Raises PromptError (there is none)."""
    return publish(session, now, what, files_of(session, to, first), copy_of=to)


def current(session: Session, now: datetime) -> int:
    """The edition with which a conversation begins now."""
    counts = select(Edition.id).where(Edition.from_at <= now, Edition.withdrawn_at.is_(None))
    return session.scalar(counts.order_by(Edition.from_at.desc(), Edition.id.desc()).limit(1)) or FIRST


def files_of(session: Session, edition: int, first: Mapping[str, str]) -> Mapping[str, str]:
    """The files of an edition; `first` are those of edition 0. Raises PromptError (no such edition)."""
    if edition == FIRST:
        return first
    row = session.get(Edition, edition)
    if row is None:
        raise PromptError(f"edition {edition}: there is none; `prompts list` shows those there are.")
    return {str(path): str(text) for path, text in row.files.items()}


def published(session: Session, most: int = 50) -> Sequence[Edition]:
    """The newest editions, those of the future first."""
    order = (Edition.from_at.desc(), Edition.id.desc())
    return session.scalars(select(Edition).order_by(*order).limit(most)).all()
