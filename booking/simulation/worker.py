"""A worker as a process of its own, which may be killed: `python -m booking.simulation.worker FOLDER NUMBER`.

A day and the number of steps to skip come on standard input; what it did goes to standard output when the day is over.
How far it is stands in a file, because a killed process says nothing any more.
"""

from __future__ import annotations

import gc
import json
import logging
import math
import mmap
import os
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event

from booking.simulation.carrier import Carrier
from booking.simulation.day import Worker
from booking.simulation.plan import Plan
from models.store import Store

PLAN, CARRIER = "plan.json", "carrier.txt"

IN_STEP = timedelta(minutes=10)  # how far clocks may differ: what one has claimed must not have lapsed for another
AWAIT_S = 0.002


class Clocks:
    """The clocks of all workers of a season, in a file that all have in memory. A worker says what time it is before it
    does something, and waits for those who are far behind; whoever is last never waits."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        with (folder / "clocks").open("a+b") as file:
            file.truncate(8 * plan.workers)
            self._moments = memoryview(mmap.mmap(file.fileno(), 8 * plan.workers)).cast("d")

    def set(self, moment: float) -> None:
        """Set all clocks, before a day."""
        for number in range(len(self._moments)):
            self.show(number, moment)

    def show(self, number: int, moment: float) -> None:
        """It is `moment` with the worker `number`."""
        self._moments[number] = moment

    def wait(self, number: int, moment: float, alive: Callable[[], None]) -> None:
        """Return when nobody is more than IN_STEP behind `moment`, which it is with the worker `number`; `alive` is
        asked meanwhile, and may raise."""
        self.show(number, moment)
        while min(self._moments) < moment - IN_STEP.total_seconds():
            alive()
            time.sleep(AWAIT_S)


def open_store(url: str) -> Store:
    """The store of a season. SQLite does not wait for the disk, as processes are killed, but nobody pulls the plug; and
    it keeps much in memory, as it is busy all the time."""
    store = Store(url)
    if store.sqlite:
        event.listen(store.engine, "connect", _hurry)
    return store


def _hurry(connection: Any, _record: object) -> None:
    for pragma in ("synchronous=OFF", "cache_size=-200000", "wal_autocheckpoint=20000"):
        connection.execute(f"PRAGMA {pragma}")


def progress(folder: Path, number: int, day: date) -> int:
    """How many steps of `day` a worker has done, in whichever process."""
    file = _noted(folder, number)
    noted, _, steps = file.read_text().partition(" ") if file.exists() else ("", "", "")
    return int(steps) if noted == day.isoformat() else 0


def main(folder: Path, number: int) -> None:
    """Do days until there are no more, or the season's own process has died."""
    logging.getLogger("booking").setLevel(logging.ERROR)  # as in the season's process
    gc.freeze()
    gc.set_threshold(30_000)  # by default a tenth of the time went into it
    store = open_store(os.environ["DATABASE_URL"])
    worker = Worker(store, Plan.of((folder / PLAN).read_text()), Carrier(folder / CARRIER), number)
    noted, season = os.open(_noted(folder, number), os.O_WRONLY | os.O_CREAT, 0o600), os.getppid()
    clocks = Clocks(folder, worker.plan)

    def alive() -> None:
        if os.getppid() != season:  # it is gone on with later, by others
            sys.exit(1)

    def done(day: str, steps: int) -> None:
        os.pwrite(noted, f"{day} {steps:012}".encode(), 0)
        alive()

    def comes(now: datetime) -> None:
        clocks.wait(number, now.timestamp(), alive)

    for line in sys.stdin:
        day, begin = json.loads(line)
        worker.outcomes.clear()
        worker.day(date.fromisoformat(day), begin, partial(done, day), comes)
        clocks.show(number, math.inf)
        sys.stdout.write(json.dumps(worker.outcomes) + "\n")
        sys.stdout.flush()
    store.close()


def _noted(folder: Path, number: int) -> Path:
    return folder / f"progress-{number}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
