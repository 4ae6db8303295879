"""Callers and agents in numbers at their telephones: nobody is lost, nobody is served twice, and the order is kept."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bench.crowd import Crowd
from bench.ideal import a_day
from bench.verdict import Rows, verdict
from booking.desk.erlang import Load
from ivr.application import Running
from ivr.assembly import build
from ivr.clock import Clock
from tests.ivr.desk.office import MORNING
from tests.ivr.whole import settings, until

CALLERS, AGENTS = 40, 8  # the two hundred and fifty of `bench desk` would take a minute and a half here


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Running:
    """A server without models, so that calls go by keys, and with short times."""
    short = {"OFFER_S": "6", "DROP_MIN": "0.5", "GONE_S": "600", "CALLBACKS": "1000"}
    desk = {f"MITAN_DESK__{name}": value for name, value in short.items()}
    return Running(
        build(settings(monkeypatch, tmp_path / "var", VOSK_MODEL_PATH=str(tmp_path), **desk), Clock(MORNING))
    )


def test_a_crowd_at_the_desk_is_served_in_order_and_nothing_is_left_of_it(running: Running) -> None:
    with running:
        crowd = Crowd(running, a_day(14545, CALLERS, Load(CALLERS / 8 * 3600, 3)))  # all within 8 s
        asyncio.run(crowd.run(AGENTS, limit_s=240))
        with running.application.helpline.store.read() as session:
            rows = Rows.of(session)
        exchange = running.application.exchange
        assert exchange is not None
        until(lambda: not exchange.calls and not exchange.shared.rooms, "calls and rooms are over")
    assert crowd.wrong == []
    assert verdict(rows) == []
    assert len({r.caller for r in rows.handoffs}) == CALLERS
    assert Counter(r.state for r in rows.handoffs)["done"] > CALLERS / 2
