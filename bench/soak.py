"""Many calls with hang-ups at random moments: whether memory, threads, open files or sockets of the server grow."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import command, plots
from bench.caller import Caller, Course, exchange
from bench.report import machine, table
from bench.served import Served
from ivr.carriers.exchange.exchange import Exchange
from models.store import Store

WARM_UP = 0.3  # share of the calls before the first measurement; they come closer together than the others
WARM_UP_TIME = 0.25  # ... in this share of the time
LONGEST_S = 75.0  # a caller who does not hang up before
HANG_UPS = 0.5  # share of callers who hang up at a random moment, the others at the end
SAMPLE_S = 2.0  # between two looks at the server
QUIET_S = 3.0  # after the last call, before measuring: what is given back late has time to be
LATE_S = 120.0  # a run that has not ended by itself so long after its time is broken off
MOST_GROWTH = 0.05
BURST = 40  # calls that begin at the same moment, so that pools which fill on demand are full after the warm-up
SLACK = {"resident_mb": 0.0, "threads": 1, "files": 1, "sockets": 1}  # one handle more is no growth where there are few
WATCHED = ("resident_mb", "threads", "files", "sockets")


@dataclass
class Run:
    """One soak: what was seen of the server, and what became of the calls."""

    served: Served
    random: random.Random
    longest_s: float
    at_once: int  # calls that begin each half of the run together
    began: float = field(default_factory=time.monotonic)
    samples: list[dict[str, float]] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    up: int = 0

    async def calls(self, office: Exchange, store: Store, numbers: range, seconds: float) -> None:
        """The calls `numbers`: some at once, the others at random moments of `seconds`; returns when all are over."""
        starts = [0.0] * self.at_once + sorted(self.random.uniform(0, seconds) for _ in numbers[self.at_once :])
        async with asyncio.TaskGroup() as group:
            for number, start in zip(numbers, starts, strict=True):
                group.create_task(self._call(Caller(office, store, number, *self._manner()), start))

    def _manner(self) -> tuple[str, float | None]:
        return self.random.choice(("hi", "en")), self.random.choice((None, 0.4, 1.0, 2.0))

    async def _call(self, caller: Caller, start: float) -> None:
        hangs_up = self.random.uniform(0, self.longest_s) if self.random.random() < HANG_UPS else None
        await asyncio.sleep(start)
        self.up += 1
        course = await caller.run(self.longest_s, hangs_up)
        self.up -= 1
        self.ended[course.reason or "never ended"] += 1
        self.courses.append(course)

    async def watch(self) -> None:
        """Look at the server every SAMPLE_S until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(SAMPLE_S)

    async def look(self) -> dict[str, float]:
        """How the server is now."""
        cost = await asyncio.to_thread(self.served.ask, "cost")
        sample = {"at_s": round(time.monotonic() - self.began, 1), "calls_up": self.up} | {k: cost[k] for k in WATCHED}
        self.samples.append(sample)
        return sample

    async def quiet(self, watching: asyncio.Task[None]) -> dict[str, float]:
        """How the server is some seconds after the last call."""
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await asyncio.sleep(QUIET_S)
        return await self.look()


async def _soak(run: Run, calls: int, seconds: float) -> tuple[dict[str, float], dict[str, float]]:
    """The server after the warm-up and at the end, both without calls."""
    office, store = exchange(run.served), Store(run.served.store)
    first = max(1, round(calls * WARM_UP))
    time_for_calls = max(seconds - 2 * run.longest_s, seconds / 2)
    try:
        watching = asyncio.create_task(run.watch())
        await run.calls(office, store, range(first), time_for_calls * WARM_UP_TIME)
        warm = await run.quiet(watching)
        watching = asyncio.create_task(run.watch())
        await run.calls(office, store, range(first, calls), time_for_calls * (1 - WARM_UP_TIME))
        return warm, await run.quiet(watching)
    finally:
        await office.close()
        store.close()


def measure(calls: int, minutes: float, own_models: bool, seed: int) -> dict[str, Any]:
    """All figures of one run."""
    about, seconds = machine(), minutes * 60
    with Served(own_models, BENCH_KEPT="0") as served:
        run = Run(served, random.Random(seed), min(LONGEST_S, seconds / 8), min(BURST, round(calls * WARM_UP) // 2))
        warm, end = asyncio.run(asyncio.wait_for(_soak(run, calls, seconds), seconds + LATE_S))
        left = served.ask("left")
    limits = {name: max(warm[name] * (1 + MOST_GROWTH), warm[name] + SLACK[name]) for name in WATCHED}
    growth = {name: round(end[name] / max(warm[name], 1) - 1, 4) for name in WATCHED}
    return {
        "machine": about,
        "calls": calls,
        "seconds": round(time.monotonic() - run.began, 1),
        "most_calls_up": max(s["calls_up"] for s in run.samples),
        "ended": dict(run.ended),
        "replies": sum(r.reply_s is not None for c in run.courses for r in c.replies),
        "after_warm_up": warm,
        "at_the_end": end,
        "growth": growth,
        "left": left,
        "grown": [name for name in WATCHED if end[name] > limits[name]],
        "samples": run.samples,
    }


def show(figures: dict[str, Any]) -> None:
    """The tables."""
    print(
        f"{figures['calls']} calls in {figures['seconds']:.0f} s, up to {figures['most_calls_up']:.0f} at once, "
        f"{figures['replies']} spoken answers; {figures['machine']}\nhow they ended: {figures['ended']}\n"
    )
    rows = [
        (name, figures["after_warm_up"][name], figures["at_the_end"][name], f"{figures['growth'][name]:+.1%}")
        for name in WATCHED
    ]
    print(table(["the server without calls", "after warm-up", "at the end", "growth"], rows))
    print(f"\nof single calls still in memory: {figures['left'] or 'nothing'}")
    print(f"GROWN: {', '.join(figures['grown'])}" if figures["grown"] else "nothing has grown by more than 5 %")


def plot(figures: dict[str, Any]) -> None:
    """What was watched, over the time of the run."""
    minutes = [s["at_s"] / 60 for s in figures["samples"]]
    panels = {
        "resident memory, MB": ("resident_mb",),
        "handles of the server": ("threads", "files", "sockets"),
        "calls up": ("calls_up",),
    }
    lines = {
        title: {name: (minutes, [s[name] for s in figures["samples"]]) for name in names}
        for title, names in panels.items()
    }
    plots.lines("soak", lines, "minutes")


def main(args: Sequence[str]) -> int:
    """The command; 1 when something has grown or is left."""
    parser = command.parser("soak", __doc__)
    parser.add_argument("--calls", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--minutes", type=float, default=20, help="over how long (default 20)")
    parser.add_argument("--seed", type=int, default=14545, help="of the random moments")
    options = parser.parse_args(args)
    figures = measure(options.calls, options.minutes, options.own_models, options.seed)
    command.report(options, figures, show, plot)
    return int(bool(figures["grown"] or figures["left"]))
