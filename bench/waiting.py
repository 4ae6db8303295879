"""The desk's own line with a clock that jumps from event to event: thousands of callers' waits, beside Erlang C's.

`python -m bench waiting [--callers 5000] [--agents 50] [--busy 0.9]`. Store, line, offers and presence are the real
ones; there are no telephones, so that an hour at the desk takes a minute. What telephones add is seen by
`python -m bench desk --calm`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench import waits
from bench.ideal import Day, a_typical_day
from bench.report import machine
from bench.taken import taken, watch
from bench.waits import Match, Waited
from booking.desk.answers import accept
from booking.desk.dispatch import offer_next
from booking.desk.endings import finish
from booking.desk.erlang import Load
from booking.desk.line import Entry, enter
from booking.desk.presence import Post, come, ready
from booking.desk.rules import DeskRules
from booking.desk.waits import place
from models.queue import HandoffEvent
from models.store import Store

MORNING = datetime.fromisoformat("2026-11-24T10:00:00+05:30")
RULES = DeskRules(gone_s=10**8)  # nobody's page is silent for too long
HANDLING_S = 180.0


class Desk:
    """A day at the desk of `agents` who answer at once. `waits` and `told`, the wait that a caller was told on coming,
    are in seconds, by the number of the caller."""

    def __init__(self, session: Session, day: Day, agents: int) -> None:
        self._session, self._day = session, day
        self._events: list[tuple[float, int, str]] = [(came, n, "") for n, came in enumerate(day.comes)]
        self._callers: dict[int, int] = {}
        self._calls: dict[int, int] = {}
        self.waits = [-1.0] * len(day.comes)
        self.told: dict[int, float] = {}
        heapify(self._events)
        for n in range(agents):
            come(session, MORNING, f"a{n}", Post())
            ready(session, MORNING, f"a{n}")

    def run(self) -> None:
        """The whole day."""
        while self._events:
            second, n, agent = heappop(self._events)
            now = MORNING + timedelta(seconds=second)
            if agent:
                finish(self._session, now, self._calls[n], agent, "answered")
            else:
                self._enters(now, n)
            self._takes(now, second)

    def _enters(self, now: datetime, n: int) -> None:
        row = enter(self._session, now, RULES, Entry(f"c{n}", f"CA{n}", f"+91981{n:07d}", "hi"))
        self._callers[row.id], self._calls[n] = n, row.id
        self.told[n] = place(self._session, now, RULES, row).wait_s or 0.0

    def _takes(self, now: datetime, second: float) -> None:
        while (offer := offer_next(self._session, now, RULES)) is not None:
            accept(self._session, now, offer.handoff, offer.agent)
            n = self._callers[offer.handoff]
            self.waits[n] = second - self._day.comes[n]
            heappush(self._events, (second + self._day.keeps[n], n, offer.agent))


def measure(callers: int, agents: int, busy: float) -> dict[str, Any]:
    """A typical day of so many callers, on which the agents are on calls for this part of their time."""
    day = a_typical_day(callers, Load(agents * busy * 3600 / HANDLING_S, HANDLING_S), agents)
    with tempfile.TemporaryDirectory(prefix="mitan-bench-") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'desk.db'}")
        store.upgrade()
        watch(store)
        with store.begin() as session:
            Desk(session, day, agents).run()
        with store.read() as session:
            events = session.scalars(select(HandoffEvent).order_by(HandoffEvent.id)).all()
            waited = Waited.of(events, taken(session))
        store.close()
    match = Match.of(waited, agents)
    return {"machine": machine(), "callers": callers, "agents": agents, "wrong": match.wrong, "match": match.figures()}


def main(args: Sequence[str]) -> int:
    """The command; 1 when callers wait another time than in an ideal line."""
    parser = argparse.ArgumentParser(prog="python -m bench waiting", description=__doc__)
    parser.add_argument("--callers", type=int, default=5000, help="how many (default 5000)")
    parser.add_argument("--agents", type=int, default=50, help="how many (default 50)")
    parser.add_argument("--busy", type=float, default=0.9, help="part of their time on calls, below 1 (default 0.9)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(args)
    figures = measure(options.callers, options.agents, options.busy)
    if options.json:
        print(json.dumps(figures))
    else:
        print(f"{figures['callers']} callers, {figures['agents']} agents; {figures['machine']}")
        waits.show(figures["match"], "the desk's line", typical=True)
    return int(bool(figures["wrong"]))
