"""The jobs by the clock of one server process, run by APScheduler; each is safe when several processes run it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler

from booking import jobs
from booking.sending import Report
from ivr.helpline import Helpline, rules_of

log = logging.getLogger(__name__)

NOTICES_S, HOLDS_S, SLOTS_S = 5, 60, 6 * 3600


def _unheard(_: Report) -> None:
    pass


class Carrier(Protocol):
    """Who sends messages; both raise SendFailed."""

    def send_message(self, to: str, text: str) -> str:
        """Send, and answer the carrier's id."""

    def sent_message(self, to: str, text: str, since: datetime) -> str | None:
        """The id of a message with this text that was taken since then."""


def schedule(
    helpline: Helpline, carrier: Callable[[], Carrier], sent: Callable[[Report], None] = _unheard
) -> BackgroundScheduler:
    """A scheduler, not yet started, that sends notices, frees expired holds and lays out new slots.

    `sent` is told what every run of sending did. A run that was missed (the machine slept) is made up for once; a job
    never runs twice at a time here.
    """

    def send_notices() -> None:
        client = carrier()
        sent(jobs.send_notices(store, clock.now(), client.send_message, client.sent_message))

    store, clock, rules = helpline.store, helpline.clock, rules_of(helpline.settings)

    def expire() -> None:
        with store.begin() as session:
            jobs.release_expired(session, clock.now())

    def lay_out() -> None:
        with store.begin() as session:
            jobs.ensure_slots(session, clock.now(), rules)

    scheduler = BackgroundScheduler(timezone="Asia/Kolkata", job_defaults={"coalesce": True, "max_instances": 1,
                                                                          "misfire_grace_time": None})  # fmt: skip
    scheduler.add_job(_told(send_notices), "interval", seconds=NOTICES_S)
    scheduler.add_job(_told(expire), "interval", seconds=HOLDS_S)
    scheduler.add_job(_told(lay_out), "interval", seconds=SLOTS_S)
    return scheduler


def _told(work: Callable[[], object]) -> Callable[[], None]:
    """A failing job says so in our log and is tried again at its next time."""

    def run() -> None:
        try:
            work()
        except Exception:
            log.exception("a job failed; it is tried again at its next time")

    return run
