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
from prompts.body import Body
from prompts.clashes import changes_of, clashing, with_other_halves
from prompts.contents import Spot, Value, is_name
from prompts.editions import Beside, Publication, body_of, current, publish
from prompts.errors import Overtaken
from prompts.recorded import NONE, as_json

Files = Mapping[str, str]


@dataclass(frozen=True)
class Clash:
    """A waiting edition changes the same spot in another way, or the other one of a text and its recording."""

    edition: int
    spot: Spot


@dataclass(frozen=True)
class Plan:
    """What a publication does: the `body` of the new edition, and those that the editions in `carried` are to have
    from now on. It holds while the edition `present` counts and those in `waiting` wait."""

    present: int
    waiting: tuple[int, ...]
    body: Body
    carried: Mapping[int, Body]
    clashes: Sequence[Clash] = ()


def waiting(session: Session, now: datetime) -> Sequence[Edition]:
    """The editions whose time is to come, the next first."""
    rows = select(Edition).where(Edition.from_at > now, Edition.withdrawn_at.is_(None))
    return session.scalars(rows.order_by(Edition.from_at, Edition.id)).all()


def plan(session: Session, now: datetime, at: datetime | None, body: Body, first: Files, *, ours: bool = False) -> Plan:
    """How `body`, made from what counts now, is published from `at` on (None: at once). Where a waiting edition
    changes the same, its own stays, or with `ours` ours is taken. `first` are the files of edition 0."""
    present, rows = current(session, now), waiting(session, now)
    base = body_of(session, present, first).every
    changes = changes_of(base, body.every)
    own = {row.id: body_of(session, row.id, first) for row in rows}
    earlier = [row.id for row in rows if at is not None and row.from_at <= at]
    after = {id: _with(one, changes, base, ours=ours) for id, one in own.items() if id not in earlier}
    new = _with(own[earlier[-1]], changes, base, ours=ours) if earlier else body
    clashes = [Clash(id, spot) for id, one in own.items() for spot in clashing(changes, base, one.every)]
    carried = {id: made for id, made in after.items() if made != own[id]}
    return Plan(present, tuple(own), new, carried, clashes)


def carry_out(session: Session, now: datetime, what: Publication, plan: Plan, copy_of: int | None = None) -> Edition:
    """Publish as planned. Raises PromptError (no note, a time that is past), Overtaken (another edition has come)."""
    _require(session, now, plan)
    made = publish(session, now, what, plan.body.files, Beside(plan.body.recordings, copy_of))
    for id, body in plan.carried.items():
        _carry(session, now, what.author, id, body)
    return made


def without(session: Session, now: datetime, edition: int, first: Files) -> Plan:
    """How a waiting edition is taken back: what later ones have from it goes, too. Raises Overtaken."""
    present, rows = current(session, now), waiting(session, now)
    ids = [row.id for row in rows]
    if edition not in ids:
        raise Overtaken(f"edition {edition} does not wait any more")
    at = ids.index(edition)
    before = body_of(session, ids[at - 1] if at else present, first)
    own = body_of(session, edition, first).every
    back = changes_of(own, before.every)
    later = {id: body_of(session, id, first) for id in ids[at + 1 :]}
    carried = {id: _with(one, back, own, ours=False) for id, one in later.items()}
    return Plan(present, tuple(ids), before, {id: made for id, made in carried.items() if made != later[id]})


def take_back(session: Session, now: datetime, author: str, edition: int, plan: Plan) -> None:
    """Withdraw a waiting edition as planned; its draft is open again. Raises Overtaken."""
    _require(session, now, plan)
    _withdraw(session, now, author, edition, None)
    for id, body in plan.carried.items():
        _carry(session, now, author, id, body)
    again = update(Draft).where(Draft.published_as == edition)
    session.execute(again.values(published_as=None, version=Draft.version + 1))


def _with(own: Body, changes: Mapping[Spot, Value], base: Mapping[Spot, Value], *, ours: bool) -> Body:
    """`own` with the changes. Where both cannot hold, it keeps text and recording, or has ours of both."""
    theirs = own.every
    torn = with_other_halves(clashing(changes, base, theirs))
    kept = {spot: base[spot] for spot in torn if spot in base} if ours else {}
    taken = {**kept, **{spot: value for spot, value in changes.items() if ours or spot not in torn}}
    places = {spot: value for spot, value in taken.items() if spot in theirs or is_name(spot)}
    return own.changed({spot: value for spot, value in places.items() if theirs.get(spot, NONE) != value})


def _require(session: Session, now: datetime, plan: Plan) -> None:
    stands = current(session, now), tuple(row.id for row in waiting(session, now))
    if stands != (plan.present, plan.waiting):
        raise Overtaken("another edition has come, or its time")


def _carry(session: Session, now: datetime, author: str, id: int, body: Body) -> None:
    """Another edition takes the place of a waiting one."""
    old = session.get_one(Edition, id)
    new = Edition(made_at=now, from_at=old.from_at, author=old.author, note=old.note, copy_of=old.copy_of,
                  files=dict(body.files), recordings=as_json(body.recordings))  # fmt: skip
    session.add(new)
    session.flush()
    _withdraw(session, now, author, id, new.id)
    session.execute(update(Draft).where(Draft.published_as == id).values(published_as=new.id))


def _withdraw(session: Session, now: datetime, author: str, id: int, to: int | None) -> None:
    mine = update(Edition).where(Edition.id == id, Edition.from_at > now, Edition.withdrawn_at.is_(None))
    done = mine.values(withdrawn_at=now, withdrawn_by=author, carried_to=to).returning(Edition.id)
    if not session.execute(done).all():
        raise Overtaken(f"edition {id} counts already, or was withdrawn")
