"""The watchdog names what held the event loop up."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from ivr.observe.stalls import Watchdog

pytestmark = pytest.mark.realtime


def a_slow_piece_of_work() -> None:
    time.sleep(0.3)


def test_a_stall_is_named_in_the_log_with_what_was_running(caplog: pytest.LogCaptureFixture) -> None:
    stalls: list[float] = []

    async def run() -> None:
        watchdog = Watchdog(0.1, stalled=stalls.append)
        watchdog.begin()
        await asyncio.sleep(0.1)
        a_slow_piece_of_work()
        await asyncio.sleep(0.1)
        watchdog.end()

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert any(stall > 0.2 for stall in stalls)
    assert "the event loop stood still for" in caplog.text
    assert "a_slow_piece_of_work" in caplog.text


def test_a_loop_that_only_waits_is_measured_and_not_accused(caplog: pytest.LogCaptureFixture) -> None:
    late: list[float] = []

    async def run() -> None:
        watchdog = Watchdog(60.0, late.append)
        watchdog.begin()
        while len(late) < 3:
            await asyncio.sleep(0.02)
        watchdog.end()
        count = len(late)
        await asyncio.sleep(0.1)
        assert len(late) == count  # an ended watchdog leaves the loop alone

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert caplog.text == ""
