"""What is done with a task: take, give back, try again later, done, type in the address, give to somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import abort, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk import tasks
from booking.desk.tasks import Typed
from booking.errors import BadValue, Conflict, NotAllowed, NotFound
from booking.zone import ZONE, local
from console.accounts.parts import onward
from console.deps import deps
from console.desk.parts import me
from console.desk.work.parts import Given, Problem, typed
from console.desk.work.tasks import agents, page_of
from ivr.gate import open_to

LIST, TASK = "work.page", "work.task"
FURTHEST = timedelta(days=30)
MORNING_H = 9


class Wrong(Exception):  # noqa: N818
    """What was typed cannot be taken."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, field)


Deed = Callable[[Session, datetime, int], object]


def _does(id: int, form: str, deed: Deed, onto: Callable[[], Answer]) -> Answer:
    """Do it, and go on; or show the page again with what is wrong, and with all that was typed."""
    try:
        with deps().store.begin() as session:
            deed(session, deps().now(), id)
    except Wrong as wrong:
        problem = wrong.problem
    except BadValue:
        problem = Problem("address", "address") if form == "typed" else Problem("value")
    except NotFound:
        abort(404)
    except NotAllowed:
        problem = Problem("taken")
    except Conflict:
        problem = Problem("conflict")
    else:
        return onto()
    return page_of(id, Given(form, dict(request.form), problem))


@open_to(AGENT, SUPERVISOR)
def take(id: int) -> Answer:
    """Take it in hand."""
    return _does(id, "take", lambda s, now, t: tasks.take(s, now, t, me()), lambda: onward(TASK, id=id))


@open_to(AGENT, SUPERVISOR)
def give(id: int) -> Answer:
    """Put it back on the list."""
    return _does(id, "give", lambda s, now, t: tasks.give(s, now, t, me()), lambda: onward(LIST, "said_given"))


@open_to(SUPERVISOR)
def assign(id: int) -> Answer:
    """Give it to somebody, or to nobody."""
    to = typed("to")

    def deed(session: Session, now: datetime, task: int) -> object:
        if to and to not in dict(agents(session)):
            raise Wrong("to", "to")
        return tasks.assign(session, now, task, to or None)

    return _does(id, "assign", deed, lambda: onward(TASK, "said_assigned", id=id))


@open_to(AGENT, SUPERVISOR)
def later(id: int) -> Answer:
    """Nobody answered: again at another time."""

    def deed(session: Session, now: datetime, task: int) -> object:
        return tasks.later(session, now, task, me(), _when(now))

    return _does(id, "later", deed, lambda: onward(LIST, "said_later"))


@open_to(AGENT, SUPERVISOR)
def done(id: int) -> Answer:
    """It is done."""

    def deed(session: Session, now: datetime, task: int) -> object:
        outcome, note = typed("outcome"), typed("note")
        if outcome not in tasks.OUTCOMES:
            raise Wrong("outcome", "outcome")
        if outcome == "other" and not note:
            raise Wrong("note", "note")
        return tasks.done(session, now, task, me(), outcome, note)

    return _does(id, "done", deed, lambda: onward(LIST, "said_done"))


@open_to(AGENT, SUPERVISOR)
def type_in(id: int) -> Answer:
    """Name and address were typed in."""

    def deed(session: Session, now: datetime, task: int) -> object:
        version = request.form.get("version", 0, type=int)
        return tasks.type_in(session, now, task, me(), Typed(typed("name"), typed("address"), version))

    return _does(id, "typed", deed, lambda: onward(LIST, "said_typed"))


def _when(now: datetime) -> datetime:
    """The time chosen: minutes from now, tomorrow morning, or one that was typed. Raises Wrong."""
    chosen = typed("again")
    if chosen in ("30", "120"):
        return now + timedelta(minutes=int(chosen))
    if chosen == "tomorrow":
        return (local(now) + timedelta(days=1)).replace(hour=MORNING_H, minute=0, second=0, microsecond=0)
    if chosen != "own":
        raise Wrong("again", "again")
    return _own(now)


def _own(now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(typed("at"))
    except ValueError:
        raise Wrong("at", "at") from None
    at = at.replace(tzinfo=ZONE) if at.tzinfo is None else at
    if not now < at < now + FURTHEST:
        raise Wrong("at", "at")
    return at
