"""An ideal line: whoever is first in it gets the first agent who is free, at once. Pure.

It is what Erlang C speaks of. Played with the callers of a run, it says how long these very callers had to wait,
whatever chance made of them; the mean wait of some hundred scatters widely around Erlang C, that of endlessly many.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace
from math import isfinite
from statistics import mean

from booking.desk.erlang import Load, estimate

DAYS = 2000  # among which a typical one is looked for
LONGER = (1.0, 1.01, 1.02)  # times a talk, that an agent is taken: ring and the work of the desk itself are added to it
LEAST_S = 1e-9


@dataclass(frozen=True)
class Day:
    """When each caller comes, in order, and how long each keeps an agent from taking the next; seconds."""

    comes: Sequence[float]
    keeps: Sequence[float]

    @property
    def load(self) -> Load:
        """What came: callers an hour from the first to the last, and the mean time for one. Needs two callers."""
        return Load((len(self.comes) - 1) / (self.comes[-1] - self.comes[0]) * 3600, mean(self.keeps))


def a_day(seed: int, callers: int, load: Load) -> Day:
    """Callers at random, as Erlang takes them to come: so many within the time that they take in the mean, each for a
    time that varies at random and is in the mean what it is to be."""
    chance = random.Random(seed)
    seconds = callers / load.calls * 3600
    drawn = [chance.expovariate(1.0) for _ in range(callers)]
    scale = load.handling_s / mean(drawn)
    return Day(sorted(chance.uniform(0, seconds) for _ in range(callers)), [one * scale for one in drawn])


def a_typical_day(callers: int, load: Load, agents: int) -> Day:
    """Of `DAYS` days that one on which the mean wait in an ideal line of `agents` is nearest to Erlang C's, also when
    each caller takes a little longer than planned; any day when there is more work than the agents can do."""
    seeds = range(DAYS if agents > load.erlangs else 1)
    return min((a_day(seed, callers, load) for seed in seeds), key=lambda day: _untypical(day, agents))


def _untypical(day: Day, agents: int) -> float:
    """How far the mean wait is from Erlang C's at the most, as a part of that."""
    return max(_off(Day(day.comes, [one * longer for one in day.keeps]), agents) for longer in LONGER)


def _off(day: Day, agents: int) -> float:
    expected = estimate(day.load, agents).wait_s
    return abs(mean(waits(day, agents)) - expected) / max(expected, LEAST_S) if isfinite(expected) else 1.0


def waits(day: Day, agents: int) -> list[float]:
    """How long each caller waits when `agents` are free at the beginning, seconds."""
    free, found = [0.0] * agents, []
    for came, keeps in zip(day.comes, day.keeps, strict=True):
        begins = max(came, free[0])
        found.append(begins - came)
        heapreplace(free, begins + keeps)
    return found


def means(callers: int, load: Load, agents: int, days: int) -> list[float]:
    """The mean waits of so many days with nothing but the load in common, sorted: how far chance alone goes."""
    return sorted(mean(waits(a_day(seed, callers, load), agents)) for seed in range(days))
