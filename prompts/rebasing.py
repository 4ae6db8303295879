"""A draft moves on to a newer edition, so that publishing it does not take back what others published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.drafts import Draft
from prompts.contents import Spot, Value
from prompts.drafts import Change, entries, put, touch


def move_on(session: Session, now: datetime, author: str, draft: Draft, onto: tuple[int, Mapping[Spot, Value]]) -> None:
    """Base `draft` on another edition (number, contents). What the draft and the edition have in common by now, or what
    stands nowhere any more, is no change any longer. Raises DraftOver."""
    touch(session, draft.id)
    edition, base = onto
    for spot, row in entries(session, draft.id).items():
        if row.value is not None and base.get(spot, tuple(row.value)) == tuple(row.value):
            put(session, now, author, draft.id, Change(spot, None, row.version))
    session.execute(update(Draft).where(Draft.id == draft.id).values(based_on=edition))


def both_changed(draft: Mapping[Spot, Value], old: Mapping[Spot, Value], new: Mapping[Spot, Value]) -> list[Spot]:
    """Spots that the draft changes and that the new edition says otherwise than the old: somebody has to look."""
    return [spot for spot, value in draft.items() if old.get(spot) != new.get(spot) != value]
