"""`/metrics` of a real server, read after calls through its exchange."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ivr.clock import Clock
from models.store import Store
from tests.ivr.whole import Telephone, at, figure, get, serving, settings, until


def test_a_call_shows_in_the_metrics_without_anything_of_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(settings(monkeypatch, tmp_path), Clock(speed=10)) as running:
        store = running.application.helpline.store

        async def call() -> None:
            telephone = await Telephone.call(running.url)
            await telephone.answer(store, "language", "english")
            await telephone.asked(store, "help")
            await telephone.type("xyzzy plugh")
            await _missed(store, telephone)
            up = await asyncio.to_thread(get, f"{running.url}/metrics")
            assert figure(up[1], "mitan_streams") == 1
            assert figure(up[1], "mitan_calls_up") == 1
            await telephone.leave()

        asyncio.run(call())
        until(lambda: figure(get(f"{running.url}/metrics")[1], "mitan_streams") == 0)
        status, text = get(f"{running.url}/metrics")
        assert status == 200
        assert figure(text, 'mitan_calls_total{way="speech"}') == 1
        assert figure(text, 'mitan_turns_total{node="language"}') == 1
        assert figure(text, 'mitan_misses_total{node="help"}') == 1
        assert figure(text, 'mitan_conversations_ended_total{outcome="cut_off"}') == 1
        assert figure(text, 'mitan_reply_seconds_count{expect="language",how="typed"}') == 1
        assert figure(text, 'mitan_webhook_seconds_count{endpoint="twilio.voice"}') == 1
        assert figure(text, "mitan_loop_lag_seconds_count") > 2
        assert "9826401715" not in text


async def _missed(store: Store, telephone: Telephone) -> None:
    for _ in range(400):
        if (await asyncio.to_thread(at, store, telephone.phone.call)).total_misses:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("never missed")
