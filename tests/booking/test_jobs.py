"""All jobs together: each runs at a given time on both stores, whoever runs it, and nothing is told twice."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from booking.jobs import Rules, all_jobs
from booking.notices import notices
from booking.reminders import ReminderRules
from booking.runs import run_due, run_now
from models.notices import Notice
from models.store import Store
from tests.booking.town import NOW, RULES, at, holds_and_books

PARTS = Rules(RULES, ReminderRules(), notices())


def test_every_job_has_its_own_name_and_runs_on_an_empty_and_on_a_busy_store(town: Store) -> None:
    jobs = all_jobs(town, PARTS)
    assert len({job.name for job in jobs}) == len(jobs)
    for moment in (NOW, at(22, 18)):
        for job in jobs:
            assert run_now(town, moment, job).error == ""
        holds_and_books(town)


def test_two_processes_at_once_remind_of_each_visit_once(town: Store) -> None:
    for n in range(8):
        holds_and_books(town, f"c{n}", at(23, 9 + n))
    url = town.engine.url.render_as_string(hide_password=False)
    gate = threading.Barrier(3)

    def work() -> None:
        own = Store(url)
        gate.wait()
        for minute in range(0, 30, 5):
            for job in all_jobs(own, PARTS):
                run_due(own, at(22, 18) + timedelta(minutes=minute), job)
        own.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with town.read() as session:
        told = Counter((n.booking_id, n.event) for n in session.scalars(select(Notice)))
    assert set(told.values()) == {1}
    assert sum(event == "reminder_evening" for _, event in told) == 8
