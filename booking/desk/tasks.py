"""The work list: what is due, who has it in hand, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.changes import Change, record
from booking.desk.changes import agent
from booking.errors import BadValue, Conflict, NotAllowed, NotFound
from booking.privacy import masked
from models.bookings import Booking
from models.callbacks import Callback
from models.tasks import Task

KINDS = tuple(
    "callback missed_call voice_note address low_confidence visit_failed unreported overdue closed_day".split()
)
OUTCOMES = ("reached", "not_reached", "typed_in", "confirmed", "corrected", "gone", "other")
TRIES = 3  # calls that were not answered, after which a number is not called any more
PAGE = 100
LARGEST = 2**31  # ids of this size do not fit into the store


@dataclass(frozen=True)
class Typed:
    """What an agent typed in from a recording, or heard by phone: the name and the address, and the version of the
    booking that was on the screen."""

    name: str
    address: str
    version: int


def work_list(session: Session, owner: str | None = None, kinds: Sequence[str] = (), most: int = PAGE) -> list[Task]:
    """What is not done, the most urgent first: everything, or what `owner` has in hand and what nobody has."""
    rows = select(Task).where(Task.done_at.is_(None))
    if owner is not None:
        rows = rows.where((Task.owner == owner) | Task.owner.is_(None))
    if kinds:
        rows = rows.where(Task.kind.in_(kinds))
    return list(session.scalars(rows.order_by(Task.due_at, Task.id).limit(most)))


def kinds_open(session: Session, owner: str | None = None) -> dict[str, int]:
    """How many tasks of each kind are not done: of all, or of what `owner` has in hand and what nobody has."""
    rows = select(Task.kind, func.count()).where(Task.done_at.is_(None)).group_by(Task.kind)
    if owner is not None:
        rows = rows.where((Task.owner == owner) | Task.owner.is_(None))
    return dict(session.execute(rows).all())


def find(session: Session, task: int) -> Task:
    """The task as it is stored now; raises NotFound."""
    row = session.get(Task, task, populate_existing=True) if task < LARGEST else None
    if row is None:
        raise NotFound(f"task {task}")
    return row


def take(session: Session, now: datetime, task: int, by: str) -> Task:
    """Take a task in hand, so that nobody else does it too. Again it changes nothing. Raises NotAllowed (somebody else
    has it, or it is done), Conflict."""
    row = find(session, task)
    if row.owner != by:
        _open(row, None)
        _advance(session, now, row, owner=by, taken_at=now)
    return row


def give(session: Session, now: datetime, task: int, by: str, to: str | None = None) -> Task:
    """Put a task back on the list, or give it to another agent. Raises NotAllowed (not in his hand), Conflict."""
    row = find(session, task)
    _open(row, by)
    return _advance(session, now, row, owner=to, taken_at=now if to else None)


def assign(session: Session, now: datetime, task: int, to: str | None) -> Task:
    """A supervisor gives a task to an agent, whoever has it. Raises NotAllowed (done), Conflict."""
    row = find(session, task)
    _open(row, row.owner)
    return _advance(session, now, row, owner=to, taken_at=now if to else None)


def later(session: Session, now: datetime, task: int, by: str, due: datetime) -> Task:
    """Nobody answered: try again at `due`. After the third time it is over as "not_reached". Raises NotAllowed (not in
    his hand), BadValue (a time that has passed), Conflict."""
    row = find(session, task)
    _open(row, by)
    if due <= now:
        raise BadValue("due: a time ahead")
    if row.tries + 1 >= TRIES:
        _advance(session, now, row, tries=row.tries + 1)
        return _done(session, now, row, agent(by), "not_reached")
    return _advance(session, now, row, tries=row.tries + 1, due_at=due, owner=None, taken_at=None)


def done(session: Session, now: datetime, task: int, by: str, outcome: str, note: str = "") -> Task:
    """A task is done; a promised call back with it. Raises BadValue (outcome), NotAllowed (not in his hand),
    Conflict."""
    if outcome not in OUTCOMES:
        raise BadValue(f"outcome: one of {', '.join(OUTCOMES)}")
    row = find(session, task)
    _open(row, by)
    return _done(session, now, row, agent(by), outcome, note)


def type_in(session: Session, now: datetime, task: int, by: str, typed: Typed) -> Booking:
    """Write name and address into the booking of a task, which is done by that. Raises BadValue (empty, no booking),
    NotAllowed (not in his hand), Conflict (somebody has changed the booking since it was on the screen)."""
    row = find(session, task)
    _open(row, by)
    booking = booking_of(session, row)
    values = {"name": str(masked(typed.name.strip())), "address": str(masked(typed.address.strip()))}
    if booking is None or not values["address"]:
        raise BadValue("address: of a booking, not empty")
    record(session, now, booking, agent(by), Change("address", values=values), typed.version)
    _done(session, now, row, agent(by), "typed_in")
    return booking


def booking_of(session: Session, row: Task) -> Booking | None:
    """The booking that a task is about."""
    thing, id = row.subject.split(":")[:2]
    return session.get(Booking, int(id), populate_existing=True) if thing == "booking" else None


def close(session: Session, now: datetime, row: Task, who: Actor, outcome: str = "gone") -> None:
    """Nothing is left to do, whoever has it in hand."""
    _done(session, now, row, who, outcome)


def _open(row: Task, owner: str | None) -> None:
    if row.done_at is not None:
        raise NotAllowed("a task that is done")
    if row.owner != owner:
        raise NotAllowed("a task that is in another hand" if row.owner else "a task that nobody has taken")


def _done(session: Session, now: datetime, row: Task, who: Actor, outcome: str, note: str = "") -> Task:
    _advance(session, now, row, done_at=now, done_by=str(who), outcome=outcome, note=str(masked(note)))
    thing, id = row.subject.split(":")[:2]
    if thing == "callback":
        made = (Callback.id == int(id)) & Callback.done_at.is_(None)
        session.execute(update(Callback).where(made).values(done_at=now).execution_options(synchronize_session=False))
    return row


def _advance(session: Session, now: datetime, row: Task, **values: Any) -> Task:
    this = update(Task).where(Task.id == row.id, Task.version == row.version)
    change = this.values(**values, version=row.version + 1, updated_at=now).returning(Task.id)
    if session.scalar(change.execution_options(synchronize_session=False)) is None:
        raise Conflict(f"task {row.id}, version {row.version}")
    session.refresh(row)
    return row
