"""A worker as a process of its own, which may be killed: `python -m booking.simulation.worker FOLDER NUMBER`.

A day and the number of steps to skip come on standard input; what it did goes to standard output when the day is over.
How far it is stands in a file, because a killed process says nothing any more.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path

from booking.simulation.carrier import Carrier
from booking.simulation.day import Worker
from booking.simulation.plan import Plan
from models.store import Store

PLAN, CARRIER = "plan.json", "carrier.txt"


def progress(folder: Path, number: int) -> Path:
    """The file in which a worker notes how many steps of the day it has done."""
    return folder / f"progress-{number}"


def main(folder: Path, number: int) -> None:
    """Do days until there are no more."""
    store = Store(os.environ["DATABASE_URL"])
    worker = Worker(store, Plan.of((folder / PLAN).read_text()), Carrier(folder / CARRIER), number)
    noted = os.open(progress(folder, number), os.O_WRONLY | os.O_CREAT, 0o600)
    for line in sys.stdin:
        day, begin = json.loads(line)
        worker.outcomes.clear()
        worker.day(date.fromisoformat(day), begin, lambda n: os.pwrite(noted, f"{n:12}".encode(), 0))
        sys.stdout.write(json.dumps(worker.outcomes) + "\n")
        sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
