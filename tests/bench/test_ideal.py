"""The ideal line: by hand where nothing is left to chance, and against Erlang C over endlessly many callers."""

from __future__ import annotations

from statistics import mean

import pytest

from bench.ideal import Day, a_day, a_typical_day, means, waits
from booking.desk.erlang import Load, estimate


def load_of(erlangs: float, handling_s: float = 180) -> Load:
    return Load(erlangs * 3600 / handling_s, handling_s)


def test_a_caller_a_second_and_a_second_for_each_is_a_line_without_waiting() -> None:
    assert waits(Day([0, 1, 2, 3], [1, 1, 1, 1]), 1) == [0, 0, 0, 0]


def test_who_needs_longer_than_callers_come_apart_lets_them_wait_longer_and_longer() -> None:
    assert waits(Day([0, 2, 4, 6], [3, 3, 3, 3]), 1) == [0, 1, 2, 3]
    assert waits(Day([0, 2, 4, 6], [3, 3, 3, 3]), 2) == [0, 0, 0, 0]


def test_a_burst_is_served_in_its_order_by_whoever_is_free_first() -> None:
    assert waits(Day([0, 0, 0, 0, 0], [5, 1, 1, 4, 1]), 2) == [0, 0, 1, 2, 5]


def test_nobody_waits_before_he_comes_and_an_idle_agent_saves_no_time_up() -> None:
    assert waits(Day([0, 10, 10.5], [1, 1, 1]), 1) == [0, 0, 0.5]


@pytest.mark.parametrize(("agents", "erlangs"), [(50, 45.0), (5, 3.5), (1, 0.5)])
def test_over_very_many_callers_an_ideal_line_waits_as_erlang_says(agents: int, erlangs: float) -> None:
    day = a_day(14545, 400_000, load_of(erlangs))
    found, said = waits(day, agents), estimate(load_of(erlangs), agents, within_s=20)
    assert mean(found) == pytest.approx(said.wait_s, rel=0.1)
    assert mean(w <= 20 for w in found) == pytest.approx(said.in_time, rel=0.02)


def test_a_day_has_the_callers_and_the_load_that_were_asked_for() -> None:
    load = load_of(10, 6)
    day = a_day(1, 600, load)
    assert len(day.comes) == len(day.keeps) == 600
    assert list(day.comes) == sorted(day.comes)
    assert mean(day.keeps) == pytest.approx(6)
    assert day.load.erlangs == pytest.approx(10, rel=0.02)
    assert day == a_day(1, 600, load) != a_day(2, 600, load)


def test_chance_alone_takes_some_hundred_callers_far_from_erlang_and_a_typical_day_does_not() -> None:
    load, agents = load_of(10.2, 6), 12
    said = estimate(load, agents).wait_s
    scattered = means(600, load, agents, 200)
    near = sum(abs(one / said - 1) < 0.15 for one in scattered)
    assert scattered == sorted(scattered)
    assert near < 100  # fewer than one run in two
    assert mean(waits(a_typical_day(600, load, agents), agents)) == pytest.approx(said, rel=0.02)


def test_more_work_than_the_agents_can_do_has_no_typical_day() -> None:
    load = load_of(60, 6)
    assert a_typical_day(200, load, 50) == a_day(0, 200, load)
