"""The season: days one after another by several processes, some of which are killed in the middle and begin again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from booking.simulation.carrier import Carrier
from booking.simulation.checks import broken, figures
from booking.simulation.day import Worker
from booking.simulation.plan import Plan, found
from booking.simulation.worker import CARRIER, PLAN, Clocks, open_store, progress
from booking.zone import ZONE
from models.store import Store

ROOT = Path(__file__).resolve().parents[2]
PAST = "past.json"


class SeasonError(Exception):
    """A process has ended by itself: that is a mistake of the program, not a kill."""


@dataclass(frozen=True)
class Report:
    """What came of it: `outcomes` of what was done (not of what died with a killed process), `figures` of the store
    afterwards, the invariants that are `broken`."""

    kills: int
    seconds: float
    outcomes: dict[str, int]
    figures: dict[str, int]
    broken: tuple[str, ...]


@dataclass
class _Past:
    """What stands in the folder of a season that was broken off: the day to go on with, and what has come so far."""

    day: date
    seconds: float = 0.0
    kills: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, folder: Path, plan: Plan) -> _Past | None:
        """What stands in `folder`; None where nothing does. Raises SeasonError when it is another season."""
        if not (folder / PAST).exists():
            return None
        if Plan.of((folder / PLAN).read_text()) != plan:
            raise SeasonError(f"{folder} has a season of other numbers: give the same ones, or another folder.")
        values = json.loads((folder / PAST).read_text())
        return cls(date.fromisoformat(values["day"]), values["seconds"], values["kills"], Counter(values["outcomes"]))

    def keep(self, folder: Path) -> None:
        """Write it, whole or not at all."""
        new = folder / f"{PAST}.new"
        new.write_text(json.dumps({**vars(self), "day": self.day.isoformat()}))
        new.replace(folder / PAST)


def simulate(url: str, plan: Plan, folder: Path, told: Callable[[date], None] = lambda _: None) -> Report:
    """Simulate `plan` in the empty store at `url`; `told` of every day that is over.

    What must be remembered besides the store is in `folder`: a season that was broken off there, at any moment, is gone
    on with. Raises SeasonError.
    """
    store = open_store(url)
    past = _Past.of(folder, plan) or _founded(store, plan, folder)
    season = _Season(url, plan, folder, past)
    try:
        for day in plan.each_day():
            if day >= past.day:
                season.day(day)
                told(day)
    finally:
        season.end()
    carrier = Carrier(folder / CARRIER)
    end = _settle(store, plan, carrier)
    wrong = broken(store, plan, end, carrier.taken())
    counts = figures(store)
    store.close()
    return Report(past.kills, past.seconds, dict(past.outcomes.most_common()), counts, tuple(wrong))


def _founded(store: Store, plan: Plan, folder: Path) -> _Past:
    store.upgrade()
    found(store, plan)
    (folder / PLAN).write_text(plan.text())
    past = _Past(plan.first)
    past.keep(folder)
    return past


def _settle(store: Store, plan: Plan, carrier: Carrier) -> datetime:
    """Let a day pass on which nobody books, so that nothing is left to send and no hold to expire."""
    worker = Worker(store, plan, carrier, 0)
    end = datetime.combine(plan.last + timedelta(days=1), datetime.min.time(), ZONE)
    for hour in range(9, 14):
        worker.tick(end + timedelta(hours=hour))
    for minute in (1, 10, 20):  # what the last tick has caused, and what is tried again
        worker.deliver(end + timedelta(hours=13, minutes=minute))
    return end + timedelta(hours=13, minutes=20)


@dataclass
class _Season:
    url: str
    plan: Plan
    folder: Path
    past: _Past
    errors: list[str] = field(default_factory=list)
    took_s: float = 1.0

    def __post_init__(self) -> None:
        draw = self.plan.draw("kills")
        self._kills = Counter(draw.choice(range(self.plan.days)) for _ in range(self.plan.kills))
        self._draw = draw
        self._clocks = Clocks(self.folder, self.plan)
        self._processes = [self._start(n) for n in range(self.plan.workers)]

    def day(self, day: date) -> None:
        """All workers do `day`; as many as are to be killed on it are, at random moments."""
        began = time.monotonic()
        kills = self._kills[(day - self.plan.first).days]
        hit = Counter(self._draw.randrange(self.plan.workers) for _ in range(kills))
        self._clocks.set(datetime.combine(day, datetime.min.time(), ZONE).timestamp())
        threads = [threading.Thread(target=self._one, args=(n, day, hit[n])) for n in range(self.plan.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.took_s = time.monotonic() - began
        if self.errors:
            raise SeasonError("; ".join(self.errors))
        self.past.day = day + timedelta(days=1)
        self.past.seconds += self.took_s
        self.past.keep(self.folder)

    def end(self) -> None:
        """No more days."""
        for process in self._processes:
            process.communicate()

    def _one(self, number: int, day: date, kills: int) -> None:
        for _ in range(kills):
            process = self._processes[number]
            self._tell(process, day, number)
            time.sleep(self._draw.random() * self.took_s * 0.9 / kills)  # all of them within the time of a day
            process.kill()
            process.communicate()
            self.past.kills += 1
            self._processes[number] = self._start(number)
        process = self._processes[number]
        self._tell(process, day, number)
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            self.errors.append(f"worker {number} died on {day}: see what it wrote above")
            return
        self.past.outcomes.update(json.loads(said))

    def _tell(self, process: subprocess.Popen[str], day: date, number: int) -> None:
        assert process.stdin is not None
        process.stdin.write(json.dumps([day.isoformat(), progress(self.folder, number, day)]) + "\n")
        process.stdin.flush()

    def _start(self, number: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "booking.simulation.worker", str(self.folder), str(number)]
        environment = os.environ | {"DATABASE_URL": self.url}
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
