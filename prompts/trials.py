"""Trials: a draft as it stood at one version, kept for the calls and checks that try them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.drafts import Draft
from models.trials import Trial
from prompts.body import Body
from prompts.recorded import as_json, of_json

KEPT = timedelta(days=1)  # longer than any call that may still be reading one


def trial_of(session: Session, now: datetime, draft: Draft, body: Body) -> Trial:
    """The trial of `draft` as it stands, with what it consists of. Old trials are forgotten here."""
    session.execute(delete(Trial).where(Trial.made_at < now - KEPT))
    found = session.scalars(_of(draft)).one_or_none()
    if found is not None and not _same(found, body):  # the product's own files are others since an update
        session.delete(found)
        session.flush()
        found = None
    return found or _made(session, now, draft, body)


def known_trial(session: Session, draft: Draft, body: Body) -> Trial | None:
    """The same, where it has been made."""
    found = session.scalars(_of(draft)).one_or_none()
    return found if found is not None and _same(found, body) else None


def body_of(session: Session, trial: int) -> Body | None:
    """What is tried; None: the trial is unknown or forgotten."""
    found = session.get(Trial, trial)
    if found is None:
        return None
    return Body({str(path): str(text) for path, text in found.files.items()}, of_json(found.recordings))


def _of(draft: Draft) -> Select[Trial]:
    return select(Trial).where(Trial.draft_id == draft.id, Trial.version == draft.version)


def _same(found: Trial, body: Body) -> bool:
    return found.files == body.files and found.recordings == as_json(body.recordings)


def _made(session: Session, now: datetime, draft: Draft, body: Body) -> Trial:
    row = Trial(draft_id=draft.id, version=draft.version, made_at=now, files=dict(body.files),
                recordings=as_json(body.recordings), errors=[], doubts=[])  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another process has made it at this moment
        return session.scalars(_of(draft)).one()
    return row
