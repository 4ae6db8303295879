"""Drafts: changes of prompts and phrases under a name, shared by all who edit, until they are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.drafts import Draft, DraftEntry
from prompts import editions
from prompts.body import Body
from prompts.contents import Kind, Spot, Value, is_name
from prompts.errors import DraftOver, Overtaken, TextError

LONGEST_NAME = 60  # characters
MOST = 100  # open drafts


@dataclass(frozen=True)
class Change:
    """What is to stand at a spot (None: what the edition has), and the version of the entry that its author saw (0:
    there was none)."""

    spot: Spot
    value: Value | None
    seen: int


def begin(session: Session, now: datetime, author: str, name: str, based_on: int) -> Draft:
    """A new draft without changes. Raises TextError: name_form, name_taken, drafts_many."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise TextError("name_form")
    known = [draft.name.casefold() for draft in open_ones(session)]
    if name.casefold() in known:
        raise TextError("name_taken", name)
    if len(known) >= MOST:
        raise TextError("drafts_many")
    row = Draft(name=name, based_on=based_on, made_at=now, made_by=author)
    session.add(row)
    session.flush()
    return row


def open_ones(session: Session) -> Sequence[Draft]:
    """The drafts that can be changed, the newest first."""
    return session.scalars(select(Draft).where(Draft.published_as.is_(None)).order_by(Draft.id.desc())).all()


def on_number(session: Session) -> Draft | None:
    """The draft that is heard at the test number: the one chosen last, else the newest; None: none is open."""
    chosen = Draft.dialled_at.is_(None), Draft.dialled_at.desc(), Draft.id.desc()
    return session.scalars(select(Draft).where(Draft.published_as.is_(None)).order_by(*chosen).limit(1)).first()


def choose_for_number(session: Session, now: datetime, id: int) -> None:
    """Let this draft be heard at the test number. Raises DraftOver."""
    find(session, id).dialled_at = now


def body_of(session: Session, draft: Draft, first: Mapping[str, str]) -> Body:
    """Files and recordings of a draft; `first` are the files of edition 0. What stands nowhere in its edition is left
    out, unless it is a new name of a service or city."""
    base = editions.body_of(session, draft.based_on, first)
    there, own = base.every, changes(session, draft.id)
    return base.changed({spot: value for spot, value in own.items() if spot in there or is_name(spot)})


def sizes(session: Session) -> Mapping[int, int]:
    """How many spots each draft changes; drafts that change none are not in it."""
    counted = select(DraftEntry.draft_id, DraftEntry.value).order_by(DraftEntry.draft_id)
    found: dict[int, int] = {}
    for draft, value in session.execute(counted):
        found[draft] = found.get(draft, 0) + (value is not None)
    return {draft: n for draft, n in found.items() if n}


def find(session: Session, id: int) -> Draft:
    """An open draft. Raises DraftOver."""
    row = session.get(Draft, id)
    if row is None or row.published_as is not None:
        raise DraftOver(f"draft {id}")
    return row


def entries(session: Session, id: int) -> dict[Spot, DraftEntry]:
    """All entries of a draft, those that were taken back, too."""
    rows = session.scalars(select(DraftEntry).where(DraftEntry.draft_id == id).order_by(DraftEntry.id))
    return {spot_of(row): row for row in rows}


def spot_of(row: DraftEntry) -> Spot:
    """Where an entry belongs."""
    return Spot(cast(Kind, row.kind), row.language, row.key)


def changes(session: Session, id: int) -> dict[Spot, Value]:
    """What a draft changes."""
    return {spot: tuple(row.value) for spot, row in entries(session, id).items() if row.value is not None}


def put(session: Session, now: datetime, author: str, id: int, change: Change) -> DraftEntry:
    """Change one spot of a draft. Raises DraftOver, and Overtaken when the entry is not the one that was seen."""
    touch(session, id)
    return _renewed(session, now, author, id, change) if change.seen else _new(session, now, author, id, change)


def touch(session: Session, id: int) -> None:
    """Count a change of the draft, and keep others from publishing it in between. Raises DraftOver."""
    mine = update(Draft).where(Draft.id == id, Draft.published_as.is_(None)).values(version=Draft.version + 1)
    if not session.execute(mine.returning(Draft.id)).all():
        raise DraftOver(f"draft {id}")


def _new(session: Session, now: datetime, author: str, id: int, change: Change) -> DraftEntry:
    spot = change.spot
    row = DraftEntry(draft_id=id, kind=spot.kind, language=spot.language, key=spot.key, value=_listed(change.value),
                     changed_at=now, changed_by=author)  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Overtaken(spot.key) from None
    return row


def _renewed(session: Session, now: datetime, author: str, id: int, change: Change) -> DraftEntry:
    spot = change.spot
    row = session.scalars(
        update(DraftEntry)
        .where(DraftEntry.draft_id == id, DraftEntry.kind == spot.kind, DraftEntry.language == spot.language)
        .where(DraftEntry.key == spot.key, DraftEntry.version == change.seen)
        .values(value=_listed(change.value), version=change.seen + 1, changed_at=now, changed_by=author)
        .returning(DraftEntry)
    ).one_or_none()
    if row is None:
        raise Overtaken(spot.key)
    return row


def alone(session: Session) -> None:
    """Let other publications wait for this one: each must see what the one before it has published."""
    session.execute(select(Draft.id).order_by(Draft.id).with_for_update())


def throw_away(session: Session, id: int) -> None:
    """Remove an open draft and what it changes. Raises DraftOver."""
    touch(session, id)
    session.execute(delete(DraftEntry).where(DraftEntry.draft_id == id))
    session.execute(delete(Draft).where(Draft.id == id))


def close(session: Session, id: int, seen: int, edition: int) -> None:
    """It has become `edition`. Raises DraftOver, and Overtaken when its version is no more the one that was seen."""
    stands = session.scalar(select(Draft.version).where(Draft.id == find(session, id).id).with_for_update())
    if stands != seen:
        raise Overtaken(f"draft {id}")
    session.execute(update(Draft).where(Draft.id == id).values(published_as=edition, version=seen + 1))


def _listed(value: Value | None) -> list[str] | None:
    return None if value is None else list(value)
