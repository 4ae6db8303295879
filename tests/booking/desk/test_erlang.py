"""Erlang C against published values, and the estimate of agents that follows from it."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.desk.erlang import Load, Target, agents_needed, estimate
from booking.desk.load import staffing


def test_the_values_of_the_textbooks() -> None:
    # 100 calls in half an hour, 180 s each, 14 agents: worked out step by step at callcentrehelper.com, and by the R
    # package ErlangC, whose documentation has these digits.
    found = estimate(Load(200, 180), 14, within_s=20)
    assert found.waits == pytest.approx(0.1741319, abs=1e-7)
    assert found.in_time == pytest.approx(0.88835, abs=1e-5)
    assert found.wait_s == pytest.approx(7.83593701177724)
    assert found.occupancy == pytest.approx(0.7142857, abs=1e-7)
    assert agents_needed(Load(200, 180), Target(0.8, 20, 0.85)).agents == 14


@pytest.mark.parametrize(("agents", "offered", "waits"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9)])
def test_few_agents_by_hand(agents: int, offered: float, waits: float) -> None:
    assert estimate(Load(offered * 3600 / 100, 100), agents).waits == pytest.approx(waits)


def test_no_load_takes_nobody_and_too_few_agents_mean_waiting_for_ever() -> None:
    assert agents_needed(Load(0, 180), Target()).agents == 0
    assert estimate(Load(100, 3600), 100).wait_s == inf
    assert estimate(Load(0, 180), 0).in_time == 1


def test_ten_thousand_agents_are_no_trouble_for_the_numbers() -> None:
    found = agents_needed(Load(120_000, 300), Target(occupancy=1))
    assert 10_000 < found.agents < 10_200


@given(st.floats(0.1, 5000), st.floats(10, 1000), st.floats(0.5, 0.99), st.floats(0, 120))
def test_one_agent_fewer_never_reaches_the_target(calls: float, handling: float, share: float, within: float) -> None:
    target = Target(share, within, 1.0)
    found = agents_needed(Load(calls, handling), target)
    assert found.in_time >= share
    assert estimate(Load(calls, handling), found.agents - 1, within).in_time < share


@pytest.mark.parametrize("target", [Target(share=1), Target(share=0), Target(occupancy=0), Target(within_s=-1)])
def test_a_target_that_nobody_reaches_is_refused(target: Target) -> None:
    with pytest.raises(ValueError, match="target"):
        agents_needed(Load(10, 10), target)


def test_breaks_and_illness_are_added() -> None:
    (need,) = staffing({9: Load(200, 180)}, Target(), 0.3)
    assert (need.hour, need.estimate.agents, need.scheduled) == (9, 14, 20)
    with pytest.raises(ValueError, match="shrinkage"):
        staffing({9: Load(200, 180)}, Target(), 1)
