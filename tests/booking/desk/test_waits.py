"""Waits at the desk and Erlang C: the desk keeps an ideal line, and in an ideal line callers wait as Erlang C says.

The mean wait of a few hundred callers scatters by far more than 15 % by itself, so the second is tried apart
(`tests/bench/test_ideal.py`).
"""

from __future__ import annotations

from statistics import mean

import pytest

from bench.ideal import a_day, waits
from bench.waiting import Desk
from booking.desk.erlang import Load
from models.store import Store


@pytest.mark.parametrize(("agents", "erlangs", "callers"), [(50, 55.0, 300), (5, 4.5, 200)])
def test_the_desk_makes_nobody_wait_longer_than_an_ideal_line_does(
    store: Store, agents: int, erlangs: float, callers: int
) -> None:
    day = a_day(14545, callers, Load(erlangs * 3600 / 180, 180))
    with store.begin() as session:
        desk = Desk(session, day, agents)
        desk.run()
    assert desk.waits == pytest.approx(waits(day, agents), abs=0.001)
    assert max(desk.waits) > 60
    waited = [n for n, wait in enumerate(desk.waits) if wait > 0]
    assert mean(desk.told[n] for n in waited) == pytest.approx(mean(desk.waits[n] for n in waited), rel=0.25)
