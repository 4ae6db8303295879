"""Editions of the prompts in the store: published, listed, gone back to. What was published is never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.editions import Edition
from prompts.body import Body
from prompts.contents import Spot, Value
from prompts.errors import PromptError
from prompts.recorded import as_json, of_json

FIRST = 0  # the files that the product came with
LONGEST_NOTE = 500  # characters


@dataclass(frozen=True)
class Publication:
    """Who publishes (login), what for, and from when on it counts (aware; None: at once)."""

    author: str
    note: str
    from_at: datetime | None = None


@dataclass(frozen=True)
class Beside:
    """What an edition has beside its files: the recordings that are played, and of which edition it is a copy."""

    recordings: Mapping[Spot, Value] = field(default_factory=dict)
    copy_of: int | None = None


def publish(
    session: Session, now: datetime, what: Publication, files: Mapping[str, str], beside: Beside | None = None
) -> Edition:
    """A new edition with `files`, which the caller has checked. Raises PromptError (no note, a time that is past)."""
    note = what.note.strip()
    if not note or len(note) > LONGEST_NOTE:
        raise PromptError(f"note: say what has changed, in at most {LONGEST_NOTE} characters.")
    if what.from_at is not None and what.from_at < now:
        raise PromptError(f"from: {what.from_at.isoformat()} is past; leave it out to publish at once.")
    beside = beside or Beside()
    row = Edition(made_at=now, from_at=what.from_at or now, author=what.author, note=note, copy_of=beside.copy_of,
                  files=dict(files), recordings=as_json(beside.recordings))  # fmt: skip
    session.add(row)
    session.flush()
    return row


def current(session: Session, now: datetime) -> int:
    """The edition with which a conversation begins now."""
    counts = select(Edition.id).where(Edition.from_at <= now, Edition.withdrawn_at.is_(None))
    return session.scalar(counts.order_by(Edition.from_at.desc(), Edition.id.desc()).limit(1)) or FIRST


def files_of(session: Session, edition: int, first: Mapping[str, str]) -> Mapping[str, str]:
    """The files of an edition; `first` are those of edition 0. Raises PromptError (no such edition)."""
    if edition == FIRST:
        return first
    return {str(path): str(text) for path, text in _row(session, edition).files.items()}


def recordings_of(session: Session, edition: int) -> Mapping[Spot, Value]:
    """The recordings that an edition plays; edition 0 has only the product's own files. Raises PromptError."""
    return {} if edition == FIRST else of_json(_row(session, edition).recordings)


def body_of(session: Session, edition: int, first: Mapping[str, str]) -> Body:
    """Files and recordings of an edition; `first` are the files of edition 0. Raises PromptError."""
    return Body(files_of(session, edition, first), recordings_of(session, edition))


def _row(session: Session, edition: int) -> Edition:
    row = session.get(Edition, edition)
    if row is None:
        raise PromptError(f"edition {edition}: there is none; `prompts list` shows those there are.")
    return row


def published(session: Session, most: int = 50) -> Sequence[Edition]:
    """The newest editions, those of the future first."""
    order = (Edition.from_at.desc(), Edition.id.desc())
    return session.scalars(select(Edition).order_by(*order).limit(most)).all()
