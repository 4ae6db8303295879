"""The waits of a run beside those of an ideal line and Erlang C."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import inf

import pytest

from bench.ideal import Day, a_day, waits
from bench.taken import Taken
from bench.waits import Match, Waited, near, show
from booking.desk.erlang import Load
from models.queue import HandoffEvent
from tests.booking.desk.people import NOON

LOAD, AGENTS = Load(3600, 3), 4


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def event(handoff: int, what: str, seconds: float, to: str = "") -> HandoffEvent:
    return HandoffEvent(handoff_id=handoff, what=what, at=at(seconds), data={"to": to} if to else None)


def run_of(day: Day, found: Sequence[float]) -> Waited:
    """A run in which these callers waited so long, each for an agent of his own."""
    events, agents = [], []
    for n, (came, keeps, wait) in enumerate(zip(day.comes, day.keeps, found, strict=True)):
        events += [event(n, "entered", came), event(n, "offered", came + wait, f"a{n}")]
        agents.append(Taken(f"a{n}", at(came + wait), at(came + wait + keeps)))
    return Waited.of(events, agents)


def test_the_callers_of_a_run_are_found_again_with_what_they_took() -> None:
    day = Day([0.0, 1.0, 2.5], [3.0, 4.0, 5.0])
    assert run_of(day, [0.0, 2.0, 4.5]) == Waited(day, [0.0, 2.0, 4.5])


def test_who_is_refused_comes_once_more_and_who_leaves_keeps_nobody() -> None:
    events = [
        event(1, "entered", 0),
        event(2, "entered", 1),
        event(1, "offered", 2, "a1"),
        event(1, "refused", 5),
        event(2, "abandoned", 6),
        event(1, "offered", 7, "a2"),
    ]
    waited = Waited.of(events, [Taken("a1", at(2), at(5)), Taken("a2", at(7), at(20))])
    assert waited == Waited(Day([0.0, 5.0], [3.0, 13.0]), [2.0, 2.0])


def test_a_broken_line_waits_for_nobody_and_a_caller_given_to_an_agent_does_not_wait() -> None:
    events = [
        event(1, "entered", 0),
        event(1, "dropped", 1),
        event(1, "came_back", 5),
        event(1, "offered", 6, "a1"),
        event(1, "transferred", 9, "a2"),
        event(1, "finished", 12),
    ]
    waited = Waited.of(events, [Taken("a1", at(6), at(10)), Taken("a2", at(9), None)])
    assert waited == Waited(Day([0.0, 4.0], [4.0, 3.0]), [1.0, 0.0])


def test_a_desk_without_delay_waits_as_the_ideal_line() -> None:
    day = a_day(14545, 300, LOAD)
    match = Match.of(run_of(day, waits(day, AGENTS)), AGENTS)
    assert match.wrong == []
    assert match.run_s == pytest.approx(match.ideal_s, abs=1e-5)
    assert match.scatter_s[0] < match.erlang_s < match.scatter_s[1]


@pytest.mark.parametrize("more_s", [-0.5, 0.5])
def test_a_desk_whose_callers_wait_another_time_than_in_an_ideal_line_is_told_of(more_s: float) -> None:
    day = a_day(14545, 300, LOAD)
    slow = [wait + more_s for wait in waits(day, AGENTS)]
    (sentence,) = Match.of(run_of(day, slow), AGENTS).wrong
    assert "the same callers wait" in sentence


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.14, 1.0, True),
        (1.16, 1.0, False),
        (0.86, 1.0, True),
        (0.04, 0.0, True),
        (0.06, 0.0, False),
        (9.0, inf, False),
    ],
)
def test_near_is_within_15_per_cent_or_what_the_clockwork_takes(one: float, other: float, same: bool) -> None:
    assert near(one, other) is same


def test_what_is_printed_says_of_each_comparison_whether_it_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    day = a_day(14545, 300, LOAD)
    show(Match.of(run_of(day, waits(day, AGENTS)), AGENTS).figures(), "the desk", typical=True)
    printed = capsys.readouterr().out
    assert re.search(r"the desk and ideal line: .0\.000 s, .0\.0%: met", printed)
    assert "Erlang C, endlessly many" in printed


def test_a_wait_without_end_is_printed_and_met_by_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    day = a_day(14545, 300, Load(3600, 6))
    show(Match.of(run_of(day, waits(day, AGENTS)), AGENTS).figures(), "the desk", typical=True)
    assert "endless" in capsys.readouterr().out
