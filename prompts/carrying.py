"""What is published reaches the editions that wait for their time, too: none of them takes it back when it begins.

All that waits stands in a row by its time, each made of the one before it and some changes. A publication, wherever in
that row it comes, is therefore a set of changes: they go into its own files and into those of all that come later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.drafts import Draft
from models.editions import Edition
from prompts.contents import Spot, Value, contents
from prompts.editions import Publication, current, files_of, publish
from prompts.errors import Overtaken
from prompts.filing import filed
from prompts.rebasing import both_changed

Files = Mapping[str, str]


@dataclass(frozen=True)
class Clash:
    """A waiting edition changes the same spot in another way."""

    edition: int
    spot: Spot


@dataclass(frozen=True)
class Plan:
    """What a publication does: `files` of the new edition, and those that the editions in `carried` are to have from
    now on. It holds while the edition `present` counts and those in `waiting` wait."""

    present: int
    waiting: tuple[int, ...]
    files: Files
    carried: Mapping[int, Files]
    clashes: Sequence[Clash] = ()


def waiting(session: Session, now: datetime) -> Sequence[Edition]:
    """The editions whose time is to come, the next first."""
    rows = select(Edition).where(Edition.from_at > now, Edition.withdrawn_at.is_(None))
    return session.scalars(rows.order_by(Edition.from_at, Edition.id)).all()


def plan(
    session: Session, now: datetime, at: datetime | None, files: Files, first: Files, *, ours: bool = False
) -> Plan:
    """How `files`, made from what counts now, are published from `at` on (None: at once). Where a waiting edition
    changes the same spot, its own text stays, or with `ours` ours is taken. `first` are the files of edition 0."""
    present, rows = current(session, now), waiting(session, now)
    base = contents(files_of(session, present, first))
    changes = {spot: value for spot, value in contents(files).items() if base.get(spot, value) != value}
    texts = {row.id: {str(path): str(text) for path, text in row.files.items()} for row in rows}
    earlier = [row for row in rows if at is not None and row.from_at <= at]
    after = {row.id: _with(texts[row.id], changes, base, ours=ours) for row in rows if row not in earlier}
    new = _with(texts[earlier[-1].id], changes, base, ours=ours) if earlier else files
    clashes = [Clash(id, spot) for id, own in texts.items() for spot in both_changed(changes, base, contents(own))]
    carried = {id: made for id, made in after.items() if made != texts[id]}
    return Plan(present, tuple(texts), new, carried, clashes)


def carry_out(session: Session, now: datetime, what: Publication, plan: Plan, copy_of: int | None = None) -> Edition:
    """Publish as planned. Raises PromptError (no note, a time that is past), Overtaken (another edition has come)."""
    _require(session, now, plan)
    made = publish(session, now, what, plan.files, copy_of)
    for id, files in plan.carried.items():
        _carry(session, now, what.author, id, files)
    return made


def without(session: Session, now: datetime, edition: int, first: Files) -> Plan:
    """How a waiting edition is taken back: what later ones have from it goes, too. Raises Overtaken."""
    present, rows = current(session, now), waiting(session, now)
    ids = [row.id for row in rows]
    if edition not in ids:
        raise Overtaken(f"edition {edition} does not wait any more")
    at = ids.index(edition)
    before = files_of(session, ids[at - 1] if at else present, first)
    base, own = contents(before), contents(files_of(session, edition, first))
    back = {spot: value for spot, value in base.items() if own.get(spot, value) != value}
    carried = {}
    for id in ids[at + 1 :]:
        files = files_of(session, id, first)
        theirs = contents(files)
        gone = {spot: value for spot, value in back.items() if theirs.get(spot) == own[spot]}
        carried[id] = filed(files, gone)
    return Plan(present, tuple(ids), before, {id: files for id, files in carried.items() if files})


def take_back(session: Session, now: datetime, author: str, edition: int, plan: Plan) -> None:
    """Withdraw a waiting edition as planned; its draft is open again. Raises Overtaken."""
    _require(session, now, plan)
    _withdraw(session, now, author, edition, None)
    for id, files in plan.carried.items():
        _carry(session, now, author, id, files)
    again = update(Draft).where(Draft.published_as == edition)
    session.execute(again.values(published_as=None, version=Draft.version + 1))


def _with(own: Files, changes: Mapping[Spot, Value], base: Mapping[Spot, Value], *, ours: bool) -> Files:
    theirs = contents(own)
    kept = set() if ours else set(both_changed(changes, base, theirs))
    return filed(own, {spot: value for spot, value in changes.items() if spot in theirs and spot not in kept})


def _require(session: Session, now: datetime, plan: Plan) -> None:
    stands = current(session, now), tuple(row.id for row in waiting(session, now))
    if stands != (plan.present, plan.waiting):
        raise Overtaken("another edition has come, or its time")


def _carry(session: Session, now: datetime, author: str, id: int, files: Files) -> None:
    """Another edition takes the place of a waiting one."""
    old = session.get_one(Edition, id)
    new = Edition(
        made_at=now, from_at=old.from_at, author=old.author, note=old.note, copy_of=old.copy_of, files=dict(files)
    )
    session.add(new)
    session.flush()
    _withdraw(session, now, author, id, new.id)
    session.execute(update(Draft).where(Draft.published_as == id).values(published_as=new.id))


def _withdraw(session: Session, now: datetime, author: str, id: int, to: int | None) -> None:
    mine = update(Edition).where(Edition.id == id, Edition.from_at > now, Edition.withdrawn_at.is_(None))
    done = mine.values(withdrawn_at=now, withdrawn_by=author, carried_to=to).returning(Edition.id)
    if not session.execute(done).all():
        raise Overtaken(f"edition {id} counts already, or was withdrawn")
