"""How far the conversations of a trial are, and what came of them: in the store, for all processes to see."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from ivr.trials.rehearsal import Faults
from models.store import Store
from models.trials import Trial

LONGEST = timedelta(minutes=10)  # then nobody is at it any more


def claim(session: Session, now: datetime, trial: int) -> bool:
    """Begin, unless they are being played or have passed already."""
    free = or_(Trial.began_at.is_(None), Trial.began_at < now - LONGEST, Trial.ended_at.is_not(None))
    mine = update(Trial).where(Trial.id == trial, free)
    fresh: dict[str, object] = {"ended_at": None, "done": 0, "number": 0, "errors": [], "doubts": [], "broken": ""}
    return bool(session.execute(mine.values(began_at=now, **fresh).returning(Trial.id)).all())


def progress(store: Store, trial: int, done: int, number: int) -> None:
    """So many are through."""
    _set(store, trial, done=done, number=number)


def ended(store: Store, now: datetime, trial: int, faults: Faults) -> None:
    """All were played."""
    errors, doubts = [f.plain() for f in faults.errors], [f.plain() for f in faults.doubts]
    _set(store, trial, ended_at=now, errors=errors, doubts=doubts)


def broke(store: Store, now: datetime, trial: int, why: str) -> None:
    """They could not be played to the end, unless they were."""
    with store.begin() as session:
        mine = update(Trial).where(Trial.id == trial, Trial.ended_at.is_(None))
        session.execute(mine.values(ended_at=now, broken=why))


def _set(store: Store, trial: int, **values: object) -> None:
    with store.begin() as session:
        session.execute(update(Trial).where(Trial.id == trial).values(values))
