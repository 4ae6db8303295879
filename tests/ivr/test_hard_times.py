"""What happens to calls when a recogniser hangs, the clock is set, or a connection dies without a word."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from ivr.carriers.exchange.trunk import Trunk
from ivr.clock import Clock
from ivr.settings import ROOT, Limits, Settings
from ivr.speech.codec import to_ulaw
from ivr.speech.wav import read_wav
from models.bookings import Booking
from models.slots import SeatClaim
from tests.ivr.live import Call, FakeTalk, ask, live, say
from tests.ivr.whole import Telephone, at, rows, serving, settings, soon

SPEECH = to_ulaw(read_wav(ROOT / "tests" / "audio" / "hi-03-intent.wav"))


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[ClientConnection]:
    """The audio connections that the exchange opens."""
    opened: list[ClientConnection] = []
    open_socket = Trunk.socket

    async def kept(trunk: Trunk, url: str) -> ClientConnection:
        opened.append(await open_socket(trunk, url))
        return opened[-1]

    monkeypatch.setattr(Trunk, "socket", kept)
    return opened


def cut(socket: ClientConnection) -> None:
    """The connection breaks, and both sides learn it."""
    socket.loop.call_soon_threadsafe(socket.transport.abort)


def fall_silent(socket: ClientConnection) -> None:
    """The connection is half closed: nothing of the carrier arrives any more, and nobody says so."""

    async def swallow(_: object) -> None:
        pass

    socket.send = swallow  # type: ignore[assignment]


class JumpingClock(Clock):
    """A clock whose wall time somebody sets; the steady time goes on, as that of the machine does."""

    jump = timedelta()

    def now(self) -> datetime:
        return super().now() + self.jump


def test_a_stuck_recogniser_costs_the_turn_and_not_the_call_and_new_calls_go_by_keypad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = settings(monkeypatch, tmp_path)
    with serving(own, Clock(speed=3)) as running:
        app, store = running.application, running.application.helpline.store
        stuck = threading.Event()

        async def run() -> None:
            first = await Telephone.call(running.url)
            await first.answer(store, "language", "english")
            await first.asked(store, "help")
            for _ in range(own.speech.threads):
                app.ears._threads.submit(stuck.wait, 60)
            await first.settled()
            before = at(store, first.phone.call)
            await first.say(SPEECH)
            await soon(lambda: at(store, first.phone.call).total_misses > before.total_misses, lambda: "a miss")
            assert app.ears.lag.now() > own.limits.keypad_lag_ms / 1000
            second = await Telephone.call(running.url, "+919826401716")
            await second.asked(store, "language")
            assert not at(store, second.phone.call).speech
            stuck.set()
            assert not first.ended
            await first.type("income certificate")
            await first.asked(store, "city")
            await first.leave()
            await second.leave()

        asyncio.run(run())


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=2)])
def test_a_clock_that_is_set_during_a_call_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    clock = JumpingClock(speed=6)
    with serving(settings(monkeypatch, tmp_path), clock) as running:
        store = running.application.helpline.store

        async def run() -> None:
            telephone = await Telephone.call(running.url)
            answers = (("language", "english"), ("help", "income certificate"), ("city", "raipur"),
                       ("day", "day after tomorrow"), ("slot", "1"), ("note", "House four, Shanti Nagar, Asha Verma"),
                       ("note_keep", "yes"))  # fmt: skip
            for node, answer in answers:
                await telephone.answer(store, node, answer)
            await telephone.asked(store, "pin")
            clock.jump = jump  # forwards the hold of the seat has run out: the seat is free and taken again
            for node, answer in (("pin", "492001"), ("mobile_own", "yes"), ("confirm", "yes")):
                await telephone.answer(store, node, answer)
            await telephone.asked(store, "anything")
            assert at(store, telephone.phone.call).total_misses == 0  # no timer took the jump for silence
            await telephone.leave()

        asyncio.run(run())
        assert len(rows(store, Booking)) == 1
        assert len([c for c in rows(store, SeatClaim) if c.booking_id]) == 1


@live
async def test_the_limit_of_a_call_is_the_configured_one() -> None:
    talk = FakeTalk([say("which city"), ask(silence_s=300.0)])
    call = Call(talk, Settings(limits=Limits(call_s=60)))
    await call.begin()
    await call.clock.go(58)
    assert "close" not in call.line.deeds
    await call.clock.go(3)
    assert "close" in call.line.deeds
    await call.gone()


@live
async def test_a_conversation_that_never_answers_ends_the_call_after_the_configured_time() -> None:
    talk = FakeTalk([say("which city"), ask()])
    talk.hold = threading.Event()
    call = Call(talk, Settings(limits=Limits(think_s=5)))
    await call.start()
    await call.clock.go(4)
    assert "close" not in call.line.deeds
    await call.clock.go(2)
    assert "close" in call.line.deeds
    talk.hold.set()
    await call.gone()


@live
async def test_a_lost_connection_does_not_tell_the_conversation_that_the_caller_hung_up() -> None:
    talk = FakeTalk([say("which city"), ask()])
    call = Call(talk)
    await call.begin()
    await call.lost()
    await call.gone()  # too late: the connection was lost
    assert ("hung_up",) not in talk.told


@pytest.mark.parametrize("lose", [cut, fall_silent])
def test_a_call_whose_connection_is_lost_goes_on_at_the_same_question(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    sockets: list[ClientConnection],
    lose: Callable[[ClientConnection], None],
) -> None:
    own = settings(monkeypatch, tmp_path, MITAN_LIMITS__SILENT_SOCKET_S="1")
    with serving(own, Clock(speed=6)) as running, caplog.at_level(logging.WARNING):
        store = running.application.helpline.store

        async def run() -> None:
            telephone = await Telephone.call(running.url)
            await telephone.answer(store, "language", "english")
            await telephone.answer(store, "help", "income certificate")
            await telephone.asked(store, "city")
            await telephone.settled()
            before, spoken = at(store, telephone.phone.call), telephone.spoken
            lose(sockets[0])
            await soon(lambda: len(sockets) == 2 and telephone.spoken > spoken, lambda: "the call goes on")
            after = at(store, telephone.phone.call)
            assert (after.node, after.filled, after.ended) == (before.node, before.filled, None)
            await telephone.answer(store, "city", "raipur")
            await telephone.asked(store, "day")
            await telephone.leave()
            assert at(store, telephone.phone.call).outcome == "cut_off"

        asyncio.run(run())
    assert "lost its stream, time 1" in caplog.text
