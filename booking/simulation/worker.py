"""A worker as a process of its own, which may be killed: `python -m booking.simulation.worker FOLDER NUMBER`.

A day and the number of steps to skip come on standard input; what it did goes to standard output when the day is over.
How far it is stands in a file, because a killed process says nothing any more.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from datetime import date
from functools import partial
from pathlib import Path

from booking.simulation.carrier import Carrier
from booking.simulation.day import Worker
from booking.simulation.plan import Plan
from models.store import Store

PLAN, CARRIER = "plan.json", "carrier.txt"


def progress(folder: Path, number: int, day: date) -> int:
    """How many steps of `day` a worker has done, in whichever process."""
    file = _noted(folder, number)
    noted, _, steps = file.read_text().partition(" ") if file.exists() else ("", "", "")
    return int(steps) if noted == day.isoformat() else 0


def main(folder: Path, number: int) -> None:
    """Do days until there are no more, or the season's own process has died."""
    logging.getLogger("booking").setLevel(logging.ERROR)  # as in the season's process
    gc.freeze()
    gc.set_threshold(100_000)  # a tenth of the time went into it
    store = Store(os.environ["DATABASE_URL"])
    worker = Worker(store, Plan.of((folder / PLAN).read_text()), Carrier(folder / CARRIER), number)
    noted, season = os.open(_noted(folder, number), os.O_WRONLY | os.O_CREAT, 0o600), os.getppid()

    def done(day: str, steps: int) -> None:
        os.pwrite(noted, f"{day} {steps:012}".encode(), 0)
        if os.getppid() != season:  # it is gone on with later, by others
            sys.exit(1)

    for line in sys.stdin:
        day, begin = json.loads(line)
        worker.outcomes.clear()
        worker.day(date.fromisoformat(day), begin, partial(done, day))
        sys.stdout.write(json.dumps(worker.outcomes) + "\n")
        sys.stdout.flush()
    store.close()


def _noted(folder: Path, number: int) -> Path:
    return folder / f"progress-{number}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
