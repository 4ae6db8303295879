"""Jobs by the clock: one process does it, late ones are caught up once, nobody is stopped by a crash or a clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest

from booking.runs import LEASE, REST, SKEW, Job, last_run, run_due, run_now
from models.jobs import JobRun
from models.store import Store
from tests.booking.town import AT_ONCE, MINUTE, NOW, at

HOUR = timedelta(hours=1)


class Work:
    """Counts its runs."""

    def __init__(self, before: Callable[[], object] = lambda: None) -> None:
        self.runs: list[datetime] = []
        self._before = before

    def __call__(self, now: datetime) -> object:
        self.runs.append(now)
        self._before()
        return {"done": len(self.runs)}


def fail(error: BaseException) -> Callable[[], object]:
    def run() -> object:
        raise error

    return run


def row(store: Store, name: str = "count") -> JobRun:
    with store.read() as session:
        found = last_run(session, name)
    assert found is not None
    return found


def test_a_job_runs_when_it_is_due_and_not_again_until_it_is_due_again(store: Store) -> None:
    work = Work()
    job = Job("count", work, every=10 * MINUTE)
    start = at(22, 12)
    ran = run_due(store, start, job)
    assert ran is not None
    assert ran.report == {"done": 1}
    assert run_due(store, start + 10 * MINUTE - AT_ONCE, job) is None
    assert run_due(store, start + 10 * MINUTE, job) is not None
    assert work.runs == [start, start + 10 * MINUTE]
    assert (row(store).done_for, row(store).report, row(store).error) == (start + 10 * MINUTE, {"done": 2}, None)


def test_a_daily_job_runs_at_its_local_hour(store: Store) -> None:
    work = Work()
    job = Job("count", work, at=time(18))
    run_due(store, at(22, 18), job)
    for moment in (at(22, 19), at(23, 0), at(23, 17, 59)):
        assert run_due(store, moment, job) is None
    assert run_due(store, at(23, 18), job) is not None


def test_what_was_missed_many_times_is_made_up_for_once(store: Store) -> None:
    work = Work()
    job = Job("count", work, every=MINUTE)
    run_due(store, NOW, job)
    late = NOW + timedelta(days=3)
    assert run_due(store, late, job) is not None
    assert run_due(store, late + timedelta(seconds=1), job) is None
    assert len(work.runs) == 2


def test_of_many_processes_at_once_one_runs_it(store: Store) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    processes = [Store(url) for _ in range(6)]
    work, gate = Work(), threading.Barrier(6)

    def run(own: Store) -> None:
        gate.wait()
        run_due(own, NOW, Job("count", work, every=HOUR))

    threads = [threading.Thread(target=run, args=(own,)) for own in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for own in processes:
        own.close()
    assert len(work.runs) == 1


def test_while_one_is_at_it_the_others_skip_even_when_the_next_time_has_come(store: Store) -> None:
    others: list[object] = []
    second = Job("count", Work(), every=MINUTE)
    first = Job("count", Work(lambda: others.append(run_due(store, NOW + 2 * MINUTE, second))), every=MINUTE)
    assert run_due(store, NOW, first) is not None
    assert others == [None]


def test_the_lease_of_a_process_that_was_killed_ends(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_due(store, NOW, Job("count", Work(fail(KeyboardInterrupt())), every=MINUTE))
    work = Work()
    job = Job("count", work, every=MINUTE)
    assert run_due(store, NOW + LEASE - AT_ONCE, job) is None
    assert run_due(store, NOW + LEASE, job) is not None
    assert len(work.runs) == 1


def test_a_run_slower_than_its_lease_does_not_undo_what_the_next_one_noted(store: Store) -> None:
    later = NOW + LEASE + MINUTE
    fast = Job("count", lambda now: {"by": "fast"}, every=MINUTE)
    slow = Job("count", lambda now: {"by": "slow", "x": bool(run_due(store, later, fast))}, every=MINUTE)
    run_due(store, NOW, slow)
    assert row(store).report == {"by": "fast"}
    assert row(store).done_for == fast.due(later)


def test_a_failure_is_kept_and_the_job_tried_again_after_a_rest(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    ran = run_due(store, NOW, Job("count", Work(fail(ValueError("no 1234 5678 9012"))), at=time(6)))
    assert ran is not None
    assert ran.error == row(store).error == "ValueError: no xxxx xxxx xxxx"
    assert row(store).done_for is None
    work = Work()
    job = Job("count", work, at=time(6))
    assert run_due(store, NOW + REST - AT_ONCE, job) is None
    assert run_due(store, NOW + REST, job) is not None
    assert row(store).error is None
    assert run_due(store, NOW + HOUR, job) is None


@pytest.mark.parametrize("back", [timedelta(seconds=2), MINUTE, HOUR, timedelta(days=1), timedelta(days=400)])
def test_a_clock_set_back_stops_no_job_for_longer_than_its_interval(store: Store, back: timedelta) -> None:
    work = Work()
    job = Job("count", work, every=10 * MINUTE)
    run_due(store, NOW, job)
    past = NOW - back
    for minute in range(21):
        run_due(store, past + minute * MINUTE, job)
    assert 2 <= len(work.runs) <= 4


def test_a_clock_set_back_does_not_keep_a_dead_holder_alive(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_due(store, NOW + HOUR, Job("count", Work(fail(KeyboardInterrupt())), every=MINUTE))
    assert run_due(store, NOW, Job("count", Work(), every=MINUTE)) is not None


@pytest.mark.parametrize("behind", [AT_ONCE, timedelta(milliseconds=1), SKEW])
def test_a_job_that_a_machine_with_a_faster_clock_has_begun_is_left_to_it(store: Store, behind: timedelta) -> None:
    others: list[object] = []
    second = Job("count", Work(), every=MINUTE)
    first = Job("count", Work(lambda: others.append(run_due(store, NOW - behind, second))), every=MINUTE)
    assert run_due(store, NOW, first) is not None
    assert others == [None]


def test_a_job_run_by_hand_runs_whenever_it_is_asked_for(store: Store) -> None:
    job = Job("count", Work(), every=HOUR)
    assert [run_now(store, NOW, job).report["done"] for _ in range(2)] == [1, 2]
    assert run_due(store, NOW, job) is None


def test_reports_become_plain_json(store: Store) -> None:
    @dataclass(frozen=True)
    class Report:
        sent: int
        day: datetime

    given = ((Report(2, NOW), {"sent": 2, "day": str(NOW)}), (7, {"count": 7}), (None, {}))
    for n, (report, plain) in enumerate(given):
        ran = run_now(store, NOW, Job(f"job{n}", lambda now, r=report: r))
        assert row(store, f"job{n}").report == ran.report == plain


def test_a_report_of_nothing_says_nothing(store: Store) -> None:
    @dataclass(frozen=True)
    class Done:
        count: int
        left: tuple[str, ...]

    reports = [Done(0, ()), Done(1, ("12345678", "23456789"))]
    job = Job("count", lambda now: reports.pop(0), every=MINUTE)
    assert not any(run_now(store, NOW, job).report.values())
    assert run_now(store, NOW, job).report == {"count": 1, "left": "12345678 23456789"}
