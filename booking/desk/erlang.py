"""Erlang C: how long callers wait for a number of agents, and how many agents a target takes. Pure.

Callers come at random and wait as long as it takes; agents need a time for each that varies at random (A. K. Erlang,
1917). There is a library, pyworkforce 0.5.1; it brings ortools and pandas, over 100 MB, for these lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, floor, inf


@dataclass(frozen=True)
class Load:
    """Callers an hour, and the seconds that an agent needs for one, the work after the call included."""

    calls: float
    handling_s: float

    @property
    def erlangs(self) -> float:
        """Agents who would be busy all the time."""
        return self.calls * self.handling_s / 3600


@dataclass(frozen=True)
class Estimate:
    """What `agents` do with a load: the part of callers who wait at all, the mean wait of all callers in seconds, the
    part answered in time, the part of the agents' time that is spent on calls. Too few agents: an endless wait."""

    agents: int
    waits: float
    wait_s: float
    in_time: float
    occupancy: float


@dataclass(frozen=True)
class Target:
    """`share` of the callers are answered within `within_s` seconds, and no agent is on calls for more than `occupancy`
    of the time."""

    share: float = 0.8
    within_s: float = 20.0
    occupancy: float = 0.9


def estimate(load: Load, agents: int, within_s: float = 20.0) -> Estimate:
    """What `agents` do with `load`."""
    offered = load.erlangs
    if offered <= 0:
        return Estimate(agents, 0.0, 0.0, 1.0, 0.0)
    if agents <= offered:
        return Estimate(agents, 1.0, inf, 0.0, 1.0)
    waits = _waits(offered, agents)
    free = agents - offered
    in_time = 1 - waits * exp(-free * within_s / load.handling_s)
    return Estimate(agents, waits, waits * load.handling_s / free, in_time, offered / agents)


def agents_needed(load: Load, target: Target) -> Estimate:
    """The fewest agents who reach the target; none for no load. Raises ValueError for a target that nobody reaches."""
    if not (0 < target.share < 1 and 0 < target.occupancy <= 1 and target.within_s >= 0):
        raise ValueError("target: shares above 0 and below 1, seconds from 0")
    agents = floor(load.erlangs) + 1 if load.erlangs > 0 else 0
    while True:
        found = estimate(load, agents, target.within_s)
        if found.in_time >= target.share and found.occupancy <= target.occupancy:
            return found
        agents += 1


def _waits(offered: float, agents: int) -> float:
    """The probability of having to wait, by the recursion of Erlang B, which overflows nowhere."""
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = offered * blocked / (n + offered * blocked)
    busy = offered / agents
    return blocked / (1 - busy * (1 - blocked))
