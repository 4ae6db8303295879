"""Recordings in the store: kept under the digest of their audio, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.recordings import Recording

BYTES_PER_MS = 8  # of 8 kHz mu-law
LONGEST_NAME = 100  # characters of a file's name that are kept


@dataclass(frozen=True)
class Audio:
    """What was made of a file: 8 kHz mu-law for the line, the level before and after in dBFS, and the share of the
    file's samples (0 to 1) that were clipped."""

    ulaw: bytes
    before_dbfs: float
    after_dbfs: float
    clipped: float

    @property
    def digest(self) -> str:
        """The SHA-256 of the audio."""
        return hashlib.sha256(self.ulaw).hexdigest()


def keep(session: Session, now: datetime, author: str, audio: Audio, name: str) -> str:
    """The digest of a recording, which is kept from now on; one that is known already stays as it is."""
    if session.get(Recording, audio.digest) is None:
        made = Recording(
            digest=audio.digest, ulaw=audio.ulaw, ms=len(audio.ulaw) // BYTES_PER_MS, before_dbfs=audio.before_dbfs,
            after_dbfs=audio.after_dbfs, clipped=audio.clipped, name=_shown(name), made_at=now, made_by=author,
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:  # somebody has sent the same at the same time
            pass
    return audio.digest


def known(session: Session, digests: Iterable[str]) -> Mapping[str, Recording]:
    """What is known of some recordings, without their audio."""
    rows = session.scalars(select(Recording).where(Recording.digest.in_(list(digests))))
    return {row.digest: row for row in rows}


def ulaw_of(session: Session, digest: str) -> bytes | None:
    """The audio of a recording, 8 kHz mu-law; None: there is none."""
    return session.scalar(select(Recording.ulaw).where(Recording.digest == digest))


def _shown(name: str) -> str:
    """A file's name as people may read it, without the folders that some browsers send."""
    plain = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return plain[-LONGEST_NAME:]
