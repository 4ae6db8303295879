"""Running jobs by the clock: of all processes one does it, the others skip; what was missed is made up for once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.privacy import masked
from booking.zone import ZONE, local
from models.jobs import JobRun
from models.store import Store

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)  # a holder that has not come back by then has died
# How far the clocks of two machines are taken to be apart at most, or `now` of two processes: a lease that seems to be
# longer was taken before a clock was set back.
SKEW = timedelta(minutes=5)
REST = timedelta(minutes=5)  # at the most until a job that failed is tried again
DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Work = Callable[[datetime], object]


@dataclass(frozen=True)
class Job:
    """What is done `every` so often, or daily `at` a local time. `work(now)` answers a report: a dataclass, a mapping
    or a number. It must be safe to repeat: its holder may die before it has noted that the work is done."""

    name: str
    work: Work
    every: timedelta = DAY
    at: time | None = None

    def due(self, now: datetime) -> datetime:
        """The latest time up to `now` for which it is to run."""
        if self.at is None:
            return now - (now - _EPOCH) % self.every
        today = datetime.combine(local(now).date(), self.at, ZONE)
        return today if today <= now else today - DAY

    @property
    def interval(self) -> timedelta:
        """The time between two runs."""
        return self.every if self.at is None else DAY


@dataclass(frozen=True)
class Ran:
    """One run: the time it was for, its report, and what went wrong ("": nothing)."""

    due: datetime
    report: Mapping[str, Any]
    error: str = ""


def run_due(store: Store, now: datetime, job: Job) -> Ran | None:
    """Run `job` if it is due and nobody else does or did; None when it is not. However many times it was missed, it
    runs once. Never raises for what the work raises: the error is kept with the run, and it is tried again soon.

    A clock that was set back by more than an interval counts as right: what was done "later" is not waited for.
    """
    due = job.due(now)
    with store.read() as session:
        if not _wanted(session.get(JobRun, job.name), now, due, job):
            return None
    return _run(store, now, job, due, _claim(store, now, job, due))


def run_now(store: Store, now: datetime, job: Job) -> Ran:
    """Run `job` whether it is due or not, as one run of it; errors are kept as by `run_due`."""
    holder = uuid4().hex
    with store.begin() as session:
        _row(session, job.name)
        _take(session, now, job.name, holder)
    ran = _run(store, now, job, job.due(now), holder)
    assert ran is not None
    return ran


def last_run(session: Session, name: str) -> JobRun | None:
    """What is known of a job's last run."""
    return session.get(JobRun, name)


def _wanted(row: JobRun | None, now: datetime, due: datetime, job: Job) -> bool:
    if row is None:
        return True
    if row.lease_until is not None and now < row.lease_until <= now + LEASE + SKEW:
        return False  # somebody is at it, or it rests after a failure
    return row.done_for is None or row.done_for < due or row.done_for > now + job.interval


def _claim(store: Store, now: datetime, job: Job, due: datetime) -> str | None:
    """The holder's name when this process may run the job: whoever finds the row as it was read has it."""
    holder = uuid4().hex
    with store.begin() as session:
        row = _row(session, job.name)
        if not _wanted(row, now, due, job):
            return None
        same = (JobRun.holder.is_not_distinct_from(row.holder)) & (
            JobRun.lease_until.is_not_distinct_from(row.lease_until)
        )
        same &= JobRun.done_for.is_not_distinct_from(row.done_for)
        return holder if _take(session, now, job.name, holder, same) else None


def _row(session: Session, name: str) -> JobRun:
    row = session.get(JobRun, name)
    if row is None:
        try:
            with session.begin_nested():
                session.add(JobRun(name=name))
        except IntegrityError:
            log.debug("another process was the first to run %s", name)
        row = session.scalars(select(JobRun).where(JobRun.name == name).execution_options(populate_existing=True)).one()
    return row


def _take(session: Session, now: datetime, name: str, holder: str, same: Any = True) -> bool:
    taken = (
        update(JobRun)
        .where(JobRun.name == name, same)
        .values(holder=holder, lease_until=now + LEASE, started_at=now)
        .returning(JobRun.name)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(taken) is not None


def _run(store: Store, now: datetime, job: Job, due: datetime, holder: str | None) -> Ran | None:
    if holder is None:
        return None
    try:
        ran = Ran(due, _plain(job.work(now)))
    except Exception as error:
        log.exception("job %s failed; it is tried again", job.name)
        ran = Ran(due, {}, f"{type(error).__name__}: {masked(str(error))}"[:500])
    _done(store, now, job, holder, ran)
    return ran


def _done(store: Store, now: datetime, job: Job, holder: str, ran: Ran) -> None:
    # Only while it is still ours: who was slower than its lease must not undo what the next one noted.
    values: dict[str, Any] = {"holder": None, "ended_at": now, "error": ran.error or None}
    if ran.error:
        values |= {"lease_until": now + min(job.interval, REST)}
    else:
        values |= {"lease_until": None, "done_for": ran.due, "report": dict(ran.report)}
    mine = (JobRun.name == job.name) & (JobRun.holder == holder)
    with store.begin() as session:
        session.execute(update(JobRun).where(mine).values(**values).execution_options(synchronize_session=False))


def _plain(report: object) -> dict[str, Any]:
    """A report as plain JSON."""
    if isinstance(report, Mapping):
        return {str(k): _value(v) for k, v in report.items()}
    if is_dataclass(report) and not isinstance(report, type):
        return _plain(asdict(report))
    return {} if report is None else {"count": report if isinstance(report, int) else str(report)}


def _value(value: object) -> Any:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))  # "" when there are none: then there is nothing to tell
    return value if isinstance(value, int | float | str | bool | None) else str(value)
