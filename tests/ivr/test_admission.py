"""How new calls are taken when recognition lags: by speech, by keypad, not at all. Calls under way stay as they are."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from ivr.clock import Clock
from ivr.settings import Limits
from ivr.speech.lag import Lag
from ivr.underway import IDLE_S, Admission, UnderWay
from models.callbacks import Callback
from tests.ivr.live import HandClock
from tests.ivr.whole import Telephone, at, figure, get, rows, serving, settings, soon


def admission(lag_s: float = 0.0, *, speech: bool = True, limits: Limits | None = None) -> Admission:
    return Admission(limits or Limits(), HandClock(), lambda: lag_s, lambda: speech)


@pytest.mark.parametrize(
    ("lag_s", "speech", "way"),
    [(0.0, True, "speech"), (0.8, True, "speech"), (0.81, True, "keypad"), (4.0, True, "keypad"), (4.1, True, "busy"),
     (0.0, False, "keypad"), (4.1, False, "busy")],
)  # fmt: skip
def test_the_lag_decides_how_a_new_call_is_taken(lag_s: float, speech: bool, way: str) -> None:
    assert admission(lag_s, speech=speech).way("CA1") == way


def test_a_call_more_than_the_process_holds_is_busy_and_one_less_is_not() -> None:
    full = admission(limits=Limits(max_calls=1))
    assert full.way("CA1") == "speech"
    full.under_way.seen("CA1")
    assert full.way("CA2") == "busy"
    assert full.way("CA1") == "speech"  # the carrier asks twice about the same call
    full.under_way.over("CA1")
    assert full.way("CA2") == "speech"


def test_who_waits_for_an_agent_takes_no_room_and_is_not_forgotten() -> None:
    one = admission(limits=Limits(max_calls=1))
    one.under_way.seen("CA1", waits=True)
    assert (len(one.under_way), one.under_way.with_bot, one.free) == (1, 0, True)
    assert one.way("CA2") == "speech"
    one.under_way.seen("CA1")  # given back to the bot
    assert (one.under_way.with_bot, one.free) == (1, False)
    one.under_way.seen("CA1", waits=True)
    one.drain()
    assert not one.free


def test_a_call_without_audio_that_nobody_names_is_forgotten_and_one_with_audio_is_not() -> None:
    clock = HandClock()
    under_way = UnderWay(clock)
    under_way.seen("CA1")
    under_way.seen("CA2", streams=1)
    clock.time = IDLE_S + 1
    assert len(under_way) == 1
    under_way.over("CA2")
    under_way.seen("CA2", streams=-1)  # later than the carrier's report of the end
    assert len(under_way) == 0


def test_what_is_waiting_counts_before_it_is_decoded() -> None:
    told: list[float] = []
    lag = Lag(told.append)
    assert lag.now() == 0.0
    began = time.monotonic()
    lag.ready("a")
    threading.Event().wait(0.2)
    lag.ready("a")  # more of the same: it waits since the first
    assert 0.15 < lag.now() <= time.monotonic() - began
    lag.done("a")
    assert len(told) == 1
    assert 0.15 < lag.now() <= time.monotonic() - began  # measured now
    lag.done("a")  # nothing of it was waiting
    assert len(told) == 1


def test_real_calls_under_a_lag_go_by_keypad_and_then_hear_that_we_call_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(settings(monkeypatch, tmp_path), Clock(speed=10)) as running:
        app, store = running.application, running.application.helpline.store
        lag = {"s": 0.0}
        app.ears.lag.now = lambda: lag["s"]  # type: ignore[method-assign]
        app.admission._lag_s = lambda: lag["s"]

        async def run() -> None:
            speaking = await Telephone.call(running.url)
            await speaking.answer(store, "language", "english")
            lag["s"] = 1.0
            keying = await Telephone.call(running.url, "+919826401716")
            await keying.asked(store, "language")
            assert not at(store, keying.phone.call).speech
            await soon(lambda: keying.spoken, lambda: "the first word")
            await keying.type("2")
            await keying.asked(store, "help")
            lag["s"] = 5.0
            busy = await Telephone.call(running.url, "+919826401717")
            await soon(lambda: busy.ended, lambda: "the end of the busy call")
            assert busy.phone.reason == "finished"
            await speaking.answer(store, "help", "income certificate")  # under way: its quality is kept
            await speaking.asked(store, "city")
            assert at(store, speaking.phone.call).speech
            for telephone in (speaking, keying):
                assert not telephone.ended
                await telephone.leave()
            await busy.close()

        asyncio.run(run())
        text = get(f"{running.url}/metrics")[1]
        assert [figure(text, f'mitan_calls_total{{way="{way}"}}') for way in ("speech", "keypad", "busy")] == [1, 1, 1]
        assert [(c.number, c.reason) for c in rows(store, Callback)] == [("+919826401717", "busy")]


def test_who_withholds_the_number_hears_that_we_are_busy_and_no_false_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(settings(monkeypatch, tmp_path), Clock(speed=10)) as running:
        running.application.admission.drain()
        store = running.application.helpline.store

        async def run() -> None:
            telephone = await Telephone.call(running.url, caller="")
            await soon(lambda: telephone.ended, lambda: "the end of the call")
            assert at(store, telephone.phone.call).outcome == "busy"
            await telephone.close()

        running.application.admission.under_way.seen("CA-of-another")  # it drains until this one is over
        asyncio.run(run())
        assert rows(store, Callback) == []
