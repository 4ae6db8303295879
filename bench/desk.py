"""Callers and agents at the desk, over the exchange: who waited how long, and whether anybody was lost or served twice.

`python -m bench desk [--callers 200] [--agents 50] [--seconds 20] [--talk 6] [--calm]`. Calls go by keys: this is about
the line, not about speech.

In the calm crowd nobody refuses, drops or leaves, and the mean wait is laid beside two others. An ideal line with the
very same callers shows what the product adds, whatever the run. Erlang C is the mean over endlessly many callers, and
some hundred scatter widely around it, also in an ideal line. So the calm crowd comes on a day chosen beforehand as one
on which an ideal line waits as Erlang C says: only then can a run be near it by more than luck.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bench import waits
from bench.crowd import CALM, Crowd, Ways
from bench.ideal import Day, a_day, a_typical_day
from bench.report import Spread, machine, table
from bench.taken import taken, watch
from bench.verdict import Rows, verdict
from bench.waits import Match, Waited
from booking.desk.erlang import Load
from ivr.application import Running
from ivr.assembly import build
from ivr.clock import Clock
from ivr.settings import load
from models.queue import Handoff, HandoffEvent

MORNING = datetime.fromisoformat("2026-11-24T10:00:00+05:30")
SEED = 14545
LIMIT_S = 300  # after the last caller has come
DESK = {
    "MITAN_LIMITS__MAX_CALLS": "10000",
    "MITAN_DESK__OFFER_S": "6",
    "MITAN_DESK__DROP_MIN": "0.5",
    "MITAN_DESK__GONE_S": "600",
    "MITAN_DESK__CALLBACKS": "1000",
}


@dataclass(frozen=True)
class Plan:
    """So many callers within so many seconds, agents, the mean seconds of a talk, and how all of them behave."""

    callers: int
    agents: int
    seconds: float
    talk_s: float
    calm: bool

    @property
    def day(self) -> Day:
        """When callers come and how long they talk."""
        load = Load(self.callers / self.seconds * 3600, self.talk_s)
        return a_typical_day(self.callers, load, self.agents) if self.calm else a_day(SEED, self.callers, load)


@dataclass(frozen=True)
class Run:
    """What has happened: the rows of the store, how long callers waited, and what must not be, as sentences."""

    rows: Rows
    waited: Waited
    wrong: Sequence[str]


def measure(plan: Plan) -> dict[str, Any]:
    """A crowd at a desk of its own. Only a calm one has to wait as an ideal line does: who has refused a caller is not
    asked again at once, and who was with an agent already goes first."""
    about, run = machine(), _run(plan)
    match = Match.of(run.waited, plan.agents)
    handoffs, events = run.rows.handoffs, run.rows.events
    return {"machine": about, **asdict(plan), "wrong": [*run.wrong, *(match.wrong if plan.calm else [])],
            "ended": Counter(r.state for r in handoffs), "happened": Counter(e.what for e in events),
            "wait_s": Spread.of(_waits(handoffs)).__dict__,
            "accepted_ms": Spread.of(_accepted(events), 1000).__dict__, "match": match.figures()}  # fmt: skip


def _run(plan: Plan) -> Run:
    day = plan.day
    with tempfile.TemporaryDirectory(prefix="mitan-bench-") as folder:
        here = {"MITAN_SERVER__VAR_DIR": f"{folder}/var", "MITAN_SERVER__PORT": "0", "VOSK_MODEL_PATH": folder}
        os.environ.update(DESK | here)
        with Running(build(load(), Clock(MORNING))) as running:
            store = running.application.helpline.store
            watch(store)
            crowd = Crowd(running, day, CALM if plan.calm else Ways())
            asyncio.run(crowd.run(plan.agents, day.comes[-1] + LIMIT_S))
            with store.read() as session:
                rows = Rows.of(session)
                return Run(rows, Waited.of(rows.events, taken(session)), [*crowd.wrong, *verdict(rows)])


def _waits(handoffs: Sequence[Handoff]) -> list[float]:
    """Seconds from the decision to the first agent."""
    return [(r.answered_at - r.entered_at).total_seconds() for r in handoffs if r.answered_at]


def _accepted(events: Sequence[HandoffEvent]) -> list[float]:
    """Seconds from an offer to its acceptance."""
    offered = {e.handoff_id: e.at for e in events if e.what == "offered"}
    return [(e.at - offered[e.handoff_id]).total_seconds() for e in events if e.what == "accepted"]


def show(figures: dict[str, Any]) -> None:
    """The figures for a person."""
    print(f"{figures['callers']} callers, {figures['agents']} agents, talks of {figures['talk_s']:g} s in the mean;"
          f" {figures['machine']}")  # fmt: skip
    print(table(("callers", "n"), sorted(figures["ended"].items())), end="\n\n")
    print(table(("events", "n"), sorted(figures["happened"].items())), end="\n\n")
    spreads = [(name, *figures[key].values()) for name, key in
               (("wait for an agent, s", "wait_s"), ("offer to acceptance, ms", "accepted_ms"))]  # fmt: skip
    print(table(("", "n", "median", "p95", "p99"), spreads), end="\n\n")
    waits.show(figures["match"], "through the exchange", typical=figures["calm"])
    print("\n".join(figures["wrong"]) or "nobody was lost, nobody served twice, and the order was kept")


def main(args: Sequence[str]) -> int:
    """The command; 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench desk", description=__doc__)
    parser.add_argument("--callers", type=int, default=200, help="how many (default 200)")
    parser.add_argument("--agents", type=int, default=50, help="how many (default 50)")
    parser.add_argument("--seconds", type=float, default=20, help="over how long they come (default 20)")
    parser.add_argument("--talk", type=float, default=6, help="seconds of a talk in the mean (default 6)")
    parser.add_argument("--calm", action="store_true", help="nobody refuses, drops or leaves")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(args)
    figures = measure(Plan(options.callers, options.agents, options.seconds, options.talk, options.calm))
    if options.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return int(bool(figures["wrong"]))
