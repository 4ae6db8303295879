"""Tasks of the work list whose cause has gone. Asked of many at once: it is done every minute, and after a bad day
thousands are open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from booking.conversations import CUT_OFF, REAL
from booking.desk.stranded_tasks import CLOSED_DAY
from booking.desk.visit_tasks import BEFORE_READY, FAILED, OF_VISITS
from booking.stages import APPOINTED
from models.bookings import Booking
from models.callbacks import Callback
from models.conversations import Conversation
from models.tasks import Task

SOME = 500  # values that a statement takes on every store


class Open(NamedTuple):
    """A task that nobody has in hand: its id and version, and what it is about."""

    id: int
    version: int
    kind: str
    subject: str
    number: str | None
    made_at: Any

    @property
    def about(self) -> tuple[str, str]:
        """The kind of the row that it came from, and its id."""
        thing, id = self.subject.split(":")[:2]
        return thing, id


class _Stand(NamedTuple):
    """How a booking stands."""

    id: int
    stage: str
    slot_id: int
    due_on: date | None
    address: str


def needless(session: Session, today: date) -> list[Open]:
    """The open tasks with which nothing is left to do on the local day `today`. Those in hand are left to their owner,
    who sees it, and those of closed days to `stranded_tasks`."""
    columns = (Task.id, Task.version, Task.kind, Task.subject, Task.number, Task.made_at)
    mine = select(*columns).where(Task.done_at.is_(None), Task.owner.is_(None), Task.kind != CLOSED_DAY)
    tasks = [Open(*row) for row in session.execute(mine)]
    of: dict[str, list[Open]] = {}
    for task in tasks:
        of.setdefault(task.about[0], []).append(task)
    callbacks, bookings = of.pop("callback", []), of.pop("booking", [])
    others = [task for some in of.values() for task in some]
    return [*_kept_promises(session, callbacks), *_settled(session, bookings, today), *_served(session, others)]


def _kept_promises(session: Session, tasks: Sequence[Open]) -> Iterator[Open]:
    waiting = select(Callback.id).where(Callback.done_at.is_(None))
    ids = {int(task.about[1]) for task in tasks}
    still = {row.id for row in _among(session, waiting, Callback.id.in_, ids)}
    yield from (task for task in tasks if int(task.about[1]) not in still)


def _settled(session: Session, tasks: Sequence[Open], today: date) -> Iterator[Open]:
    columns = select(Booking.id, Booking.stage, Booking.slot_id, Booking.due_on, Booking.address)
    rows = _among(session, columns, Booking.id.in_, {int(task.about[1]) for task in tasks})
    stands = {row.id: _Stand(*row) for row in rows}
    for task in tasks:
        booking = stands.get(int(task.about[1]))
        if booking is None or not _wanted(task, booking, today):
            yield task


def _wanted(task: Open, booking: _Stand, today: date) -> bool:
    if task.kind == "overdue":
        return booking.stage in BEFORE_READY and booking.due_on is not None and booking.due_on < today
    if task.kind in OF_VISITS:
        stages = FAILED if task.kind == "visit_failed" else APPOINTED
        return booking.stage in stages and task.subject == f"booking:{booking.id}:{booking.slot_id}"
    return booking.stage in APPOINTED and (task.kind == "low_confidence" or booking.address == "")


def _served(session: Session, tasks: Sequence[Open]) -> Iterator[Open]:
    """Missed callers who have called again since, where that call came to an end."""
    ended = select(Conversation.caller, Conversation.started_at).where(REAL, Conversation.outcome != CUT_OFF)
    since = min((task.made_at for task in tasks), default=None)
    if since is not None:
        ended = ended.where(Conversation.started_at > since)
    rows = _among(session, ended, Conversation.caller.in_, {task.number for task in tasks if task.number})
    last: dict[str, Any] = {}
    for caller, started in rows:
        last[caller] = max(started, last.get(caller, started))
    yield from (task for task in tasks if task.number in last and last[task.number] > task.made_at)


def _among(
    session: Session, rows: Select[*tuple[Any, ...]], these: Callable[[Any], ColumnElement[bool]], values: set[Any]
) -> Iterator[Any]:
    """`rows` with one of `values`, asked for in pieces."""
    ordered = sorted(values)
    for at in range(0, len(ordered), SOME):
        yield from session.execute(rows.where(these(ordered[at : at + SOME])))
