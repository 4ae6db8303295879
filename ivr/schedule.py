"""The jobs by the clock of one server process, run by APScheduler; each is safe when several processes run it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from booking.channels import Channel
from booking.jobs import Rules, all_jobs
from booking.runs import Job, run_due
from booking.sending import Report, deliver_due
from ivr.clock import Clock
from ivr.helpline import Helpline, complaint_rules_of, desk_rules_of, reminders_of, retention_of, rules_of
from models.store import Store

log = logging.getLogger(__name__)

NOTICES_S = 5
LOOK_S = 60  # how often is looked whether a job is due; a job that is due more often is looked at then


def _unheard(_: Report) -> None:
    pass


def schedule(
    helpline: Helpline, channels: Callable[[], Mapping[str, Channel]], sent: Callable[[Report], None] = _unheard
) -> BackgroundScheduler:
    """A scheduler, not yet started, that sends notices and runs all jobs of `booking.jobs` when they are due.

    `channels` answers the ways to send by name, once they are needed; `sent` is told what every run of sending did.
    What was missed (the machine slept, nobody ran) is made up for once; of several processes one runs a job.
    """
    store, clock, wording = helpline.store, helpline.clock, helpline.operations.notices

    def send_notices() -> None:
        sent(deliver_due(store, clock.now(), channels(), wording))

    scheduler = BackgroundScheduler(timezone="Asia/Kolkata", job_defaults={"coalesce": True, "max_instances": 1,
                                                                          "misfire_grace_time": None})  # fmt: skip
    scheduler.add_job(_told(send_notices), "interval", seconds=NOTICES_S)
    settings = helpline.settings
    said, desk = retention_of(settings), desk_rules_of(settings)
    rules = Rules(rules_of(settings), reminders_of(settings), wording, complaint_rules_of(settings), said, desk)
    for job in all_jobs(store, rules):
        seconds = min(job.interval.total_seconds(), LOOK_S)
        scheduler.add_job(_told(partial(_look, store, clock, job)), "interval", seconds=seconds, name=job.name)
    return scheduler


def _look(store: Store, clock: Clock, job: Job) -> None:
    ran = run_due(store, clock.now(), job)
    if ran is not None and any(ran.report.values()):
        log.info("job %s: %s", job.name, dict(ran.report))


def _told(work: Callable[[], object]) -> Callable[[], None]:
    """A failing job says so in our log and is tried again at its next time."""

    def run() -> None:
        try:
            work()
        except Exception:
            log.exception("a job failed; it is tried again at its next time")

    return run
