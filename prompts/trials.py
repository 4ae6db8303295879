"""Trials: a draft's files as they stood at one version, kept for the calls and checks that try them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.drafts import Draft
from models.trials import Trial

KEPT = timedelta(days=1)  # longer than any call that may still be reading one


def trial_of(session: Session, now: datetime, draft: Draft, files: Mapping[str, str]) -> Trial:
    """The trial of `draft` as it stands; `files` are its files. Old trials are forgotten here."""
    session.execute(delete(Trial).where(Trial.made_at < now - KEPT))
    found = session.scalars(_of(draft)).one_or_none()
    if found is not None and found.files != files:  # the product's own files are others since an update
        session.delete(found)
        session.flush()
        found = None
    return found or _made(session, now, draft, files)


def known_trial(session: Session, draft: Draft, files: Mapping[str, str]) -> Trial | None:
    """The same, where it has been made."""
    found = session.scalars(_of(draft)).one_or_none()
    return found if found is not None and found.files == files else None


def _of(draft: Draft) -> Select[Trial]:
    return select(Trial).where(Trial.draft_id == draft.id, Trial.version == draft.version)


def _made(session: Session, now: datetime, draft: Draft, files: Mapping[str, str]) -> Trial:
    row = Trial(draft_id=draft.id, version=draft.version, made_at=now, files=dict(files), errors=[], doubts=[])
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another process has made it at this moment
        return session.scalars(_of(draft)).one()
    return row
