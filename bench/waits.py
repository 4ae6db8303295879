"""The waits of a desk at work beside those of an ideal line with the same callers, and beside Erlang C's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from statistics import mean
from typing import Any

from bench.ideal import Day, means, waits
from bench.report import percentile, table
from bench.taken import Taken
from bench.verdict import UNTAKEN
from booking.desk.erlang import estimate
from models.queue import HandoffEvent

COMES = ("entered", "came_back", "transferred", "lost", *UNTAKEN)  # from these on a caller waits
NEAR = 0.15  # of the wait it is compared with
GRAIN_S = 0.05  # what a change of the store and the look at the line after it may take at any load
DAYS = 1000  # by which it is said how far chance goes


@dataclass(frozen=True)
class Waited:
    """What happened in a run: who came to the line, in order, and how long each waited for a free agent, seconds.

    A caller comes when the decision for an agent is made, and waits until the offer. From then on the agent is kept, by
    ring, talk and the work after it, until he is ready for the next: who is rung for one is not free for another. Who
    is refused, not answered or transferred, or whose broken line is there again, comes once more; who leaves the line
    without an offer is left out.
    """

    day: Day
    waits: Sequence[float]

    @classmethod
    def of(cls, events: Sequence[HandoffEvent], taken: Sequence[Taken]) -> Waited:
        """From the events of a run, in order, and when its agents were taken."""
        ready = {(one.agent, one.since): one.ready for one in taken}
        end = max(e.at for e in events)
        offers = sorted(_offers(events), key=lambda offer: offer.came)
        began = offers[0].came
        kept = [_seconds(o.at, ready[o.agent, o.at] or end) for o in offers]
        return cls(Day([_seconds(began, o.came) for o in offers], kept), [_seconds(o.came, o.at) for o in offers])


@dataclass(frozen=True)
class _Offer:
    came: datetime
    at: datetime
    agent: str


def _offers(events: Sequence[HandoffEvent]) -> Iterator[_Offer]:
    """Each offer, with when its caller came to the line or back to it. To one agent he is transferred at once."""
    came: dict[int, datetime] = {}
    for event in events:
        to = (event.data or {}).get("to")
        if event.what in COMES:
            came[event.handoff_id] = event.at
        if to and event.what in ("offered", "transferred"):
            yield _Offer(came[event.handoff_id], event.at, to)


@dataclass(frozen=True)
class Match:
    """The mean wait in the run, that of an ideal line with the same callers, and that by Erlang C for the same load;
    between which means nine of ten ideal runs of this load and length lie. Seconds."""

    agents: int
    waited: Waited
    ideal: Sequence[float]
    erlang_s: float
    scatter_s: tuple[float, float]

    @classmethod
    def of(cls, waited: Waited, agents: int) -> Match:
        """Of a run."""
        day = waited.day
        chance = means(len(day.comes), day.load, agents, DAYS)
        scatter = percentile(chance, 5), percentile(chance, 95)
        return cls(agents, waited, waits(day, agents), estimate(day.load, agents).wait_s, scatter)

    @property
    def run_s(self) -> float:
        """The mean wait in the run."""
        return mean(self.waited.waits)

    @property
    def ideal_s(self) -> float:
        """The mean wait of the same callers in an ideal line."""
        return mean(self.ideal)

    @property
    def wrong(self) -> list[str]:
        """That callers wait longer, or shorter, than in an ideal line, as a sentence."""
        if near(self.run_s, self.ideal_s):
            return []
        return [f"the mean wait is {self.run_s:.2f} s; in an ideal line the same callers wait {self.ideal_s:.2f} s"]

    def figures(self) -> dict[str, Any]:
        """All of it, as plain JSON."""
        load = self.waited.day.load
        spread = {"run_s": self.waited.waits, "ideal_s": self.ideal}
        return {"erlangs": load.erlangs, "occupancy": load.erlangs / self.agents, "handling_s": load.handling_s,
                **{name: _spread(values) for name, values in spread.items()}, "erlang_c_s": self.erlang_s,
                "scatter_s": self.scatter_s}  # fmt: skip


def near(one: float, other: float) -> bool:
    """Whether two mean waits are the same within 15 %, or within what the clockwork of the desk cannot tell apart."""
    return isfinite(other) and abs(one - other) <= max(NEAR * other, GRAIN_S)


def show(figures: dict[str, Any], name: str, *, typical: bool) -> None:
    """The figures for a person; `name` is what was measured, on a day like endlessly many (`typical`) or on any."""
    run, ideal, erlang = figures["run_s"], figures["ideal_s"], figures["erlang_c_s"]
    print(f"{figures['erlangs']:.2f} agents' work ({figures['occupancy']:.0%} of their time), "
          f"{figures['handling_s']:.2f} s for one caller")  # fmt: skip
    rows = [(name, *(f"{v:.2f}" for v in run)), ("ideal line, the same callers", *(f"{v:.2f}" for v in ideal))]
    if typical:
        rows.append(("Erlang C, endlessly many", f"{erlang:.2f}" if isfinite(erlang) else "endless", "", ""))
    print(table(("wait for a free agent, s", "mean", "median", "p95"), rows), end="\n\n")
    _compared(f"{name} and ideal line", run[0], ideal[0])
    if typical:
        _compared(f"{name} and Erlang C", run[0], erlang)
        _compared("ideal line and Erlang C", ideal[0], erlang)
        least, most = figures["scatter_s"]
        print(f"of such runs of an ideal line on any days, nine in ten have a mean of {least:.2f} to {most:.2f} s")


def _compared(names: str, one: float, other: float) -> None:
    if isfinite(other):
        share = f", {one / other - 1:+.1%}" if other else ""
        print(f"{names}: {one - other:+.3f} s{share}: {_judged(one, other)}")
    else:
        print(f"{names}: more work than the agents can do, nothing to compare")


def _judged(one: float, other: float) -> str:
    if not near(one, other):
        return "not met"
    return "met" if abs(one - other) <= NEAR * other else f"met, as within {GRAIN_S} s"


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    return mean(ordered), percentile(ordered, 50), percentile(ordered, 95)


def _seconds(before: datetime, after: datetime) -> float:
    return (after - before).total_seconds()
