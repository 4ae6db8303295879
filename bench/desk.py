"""Callers and agents at the desk, over the exchange: who waited how long, and whether anybody was lost or served twice.

`python -m bench desk [--callers 200] [--agents 50] [--seconds 20] [--calm]`. In the calm crowd nobody refuses, drops or
leaves, so that the mean wait can be laid beside that of Erlang C for the same load; a few hundred callers over several
minutes are needed for that. Calls go by keys: this is about the line, not about speech.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from statistics import mean
from typing import Any

from bench.crowd import CALM, Crowd, Ways
from bench.report import Spread, machine, table
from bench.verdict import Rows, verdict
from booking.desk.erlang import Load, estimate
from ivr.application import Running
from ivr.assembly import build
from ivr.clock import Clock
from ivr.settings import load
from models.queue import Handoff, HandoffEvent

MORNING = datetime.fromisoformat("2026-11-24T10:00:00+05:30")
LIMIT_S = 600
DESK = {
    "MITAN_LIMITS__MAX_CALLS": "10000",
    "MITAN_DESK__OFFER_S": "6",
    "MITAN_DESK__DROP_MIN": "0.5",
    "MITAN_DESK__GONE_S": "600",
    "MITAN_DESK__CALLBACKS": "1000",
}


def measure(callers: int, agents: int, ways: Ways) -> dict[str, Any]:
    """A crowd at a desk of its own."""
    with tempfile.TemporaryDirectory(prefix="mitan-bench-") as folder:
        here = {"MITAN_SERVER__VAR_DIR": f"{folder}/var", "MITAN_SERVER__PORT": "0", "VOSK_MODEL_PATH": folder}
        os.environ.update(DESK | here)
        with Running(build(load(), Clock(MORNING))) as running:
            crowd = Crowd(running, ways)
            asyncio.run(crowd.run(callers, agents, LIMIT_S))
            with running.application.helpline.store.read() as session:
                rows = Rows.of(session)
    mean_wait, expected = _expected(rows.handoffs, rows.events, agents)
    return {"machine": machine(), "callers": callers, "agents": agents, "wrong": crowd.wrong + verdict(rows),
            "ended": Counter(r.state for r in rows.handoffs), "happened": Counter(e.what for e in rows.events),
            "wait_s": Spread.of(_waits(rows.handoffs)).__dict__,
            "mean_wait_s": mean_wait, "erlang_c_s": expected,
            "accepted_ms": Spread.of(_accepted(rows.events), 1000).__dict__}  # fmt: skip


def _waits(handoffs: Sequence[Handoff]) -> list[float]:
    """Seconds from the decision to the first agent."""
    return [(r.answered_at - r.entered_at).total_seconds() for r in handoffs if r.answered_at]


def _expected(handoffs: Sequence[Handoff], events: Sequence[HandoffEvent], agents: int) -> tuple[float, float]:
    """The mean wait for a free agent and that by Erlang C for what came and how long it kept the agents, seconds. An
    agent is no more free from the offer on, not only from the answer."""
    seized = {e.handoff_id: e.at for e in events if e.what == "offered"}
    came = [r.entered_at for r in handoffs]
    waits = [(seized[r.id] - r.entered_at).total_seconds() for r in handoffs if r.id in seized]
    ends = [(seized.get(r.id), r.wrapped_at or r.ended_at) for r in handoffs]
    took = [(end - began).total_seconds() for began, end in ends if began and end]
    hours = max((max(came) - min(came)).total_seconds(), 1.0) / 3600
    return mean(waits), estimate(Load(len(came) / hours, mean(took)), agents).wait_s


def _accepted(events: Sequence[HandoffEvent]) -> list[float]:
    """Seconds from an offer to its acceptance."""
    offered = {e.handoff_id: e.at for e in events if e.what == "offered"}
    return [(e.at - offered[e.handoff_id]).total_seconds() for e in events if e.what == "accepted"]


def show(figures: dict[str, Any]) -> None:
    """The figures for a person."""
    print(f"{figures['callers']} callers, {figures['agents']} agents; {figures['machine']}")
    print(table(("callers", "n"), sorted(figures["ended"].items())), end="\n\n")
    print(table(("events", "n"), sorted(figures["happened"].items())), end="\n\n")
    spreads = [(name, *figures[key].values()) for name, key in
               (("wait for an agent, s", "wait_s"), ("offer to acceptance, ms", "accepted_ms"))]  # fmt: skip
    print(table(("", "n", "median", "p95", "p99"), spreads), end="\n\n")
    print(f"mean wait for a free agent {figures['mean_wait_s']:.2f} s, by Erlang C {figures['erlang_c_s']:.2f} s\n")
    print("\n".join(figures["wrong"]) or "nobody was lost, nobody served twice, and the order was kept")


def main(args: Sequence[str]) -> int:
    """The command; 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench desk", description=__doc__)
    parser.add_argument("--callers", type=int, default=200, help="how many (default 200)")
    parser.add_argument("--agents", type=int, default=50, help="how many (default 50)")
    parser.add_argument("--seconds", type=float, default=20, help="over how long they come (default 20)")
    parser.add_argument("--calm", action="store_true", help="nobody refuses, drops or leaves")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(args)
    figures = measure(
        options.callers, options.agents, replace(CALM if options.calm else Ways(), came_s=options.seconds)
    )
    if options.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return int(bool(figures["wrong"]))
