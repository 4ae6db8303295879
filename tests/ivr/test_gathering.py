"""The callers' sound is read together, and nothing else changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from ivr import gathering
from ivr.gathering import gathered
from tests.pace import at_best

pytestmark = pytest.mark.realtime
GATHER_S = 0.05


class Taker:
    """An ASGI application that notes when each message came; it may be slow, and closes at "close"."""

    def __init__(self) -> None:
        self.got: list[tuple[float, str]] = []
        self.ended: list[int] = []
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            await self.go.wait()
            message = await receive()
            if message["type"] == "websocket.disconnect":
                self.ended.append(message["code"])
                return
            self.got.append((time.monotonic(), message["text"]))
            if message["text"] == "close":
                await send({"type": "websocket.close", "code": 1000})
                return


def served(work: Callable[[str, Taker], Awaitable[None]], seconds: float = GATHER_S) -> Taker:
    async def run() -> Taker:
        taker = Taker()
        config = uvicorn.Config(
            taker,
            port=0,
            lifespan="off",
            log_config=None,
            ws=gathered(seconds, "/audio"),
            ws_max_size=10_000,  # type: ignore[arg-type]
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            await work(f"ws://127.0.0.1:{port}", taker)
        finally:
            server.should_exit = True
            await serving
        return taker

    return asyncio.run(run())


async def _talk(socket: ClientConnection, messages: int, taker: Taker) -> None:
    for number in range(messages):
        await socket.send(str(number))
        await asyncio.sleep(0.01)
    while len(taker.got) < messages:
        await asyncio.sleep(0.01)


def _bursts(times: list[float]) -> int:
    """How many times messages were taken, those within 5 ms as one."""
    return 1 + sum(later - earlier > 0.005 for earlier, later in pairwise(times))


def test_messages_are_taken_together_in_their_order() -> None:
    async def work(url: str, taker: Taker) -> None:
        async with connect(f"{url}/audio", proxy=None) as socket:
            await _talk(socket, 50, taker)

    def bursts() -> int:
        got = served(work).got
        assert [text for _, text in got] == [str(n) for n in range(50)]
        return _bursts([at for at, _ in got])

    assert at_best(bursts, lambda few: few <= 18) <= 18  # 0.5 s or more of messages every 10 ms, read every 50 ms


@pytest.mark.parametrize(("path", "seconds"), [("/other", GATHER_S), ("/audio", 0.0)])
def test_other_sockets_and_without_a_time_all_comes_at_once(path: str, seconds: float) -> None:
    async def work(url: str, taker: Taker) -> None:
        async with connect(f"{url}{path}", proxy=None) as socket:
            await _talk(socket, 50, taker)

    def bursts() -> int:
        got = served(work, seconds).got
        assert len(got) == 50
        return _bursts([at for at, _ in got])

    assert at_best(bursts, lambda many: many > 30) > 30


def test_a_call_that_takes_nothing_stops_the_reading_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_WAITING", 20)

    async def work(url: str, taker: Taker) -> None:
        taker.go.clear()
        async with connect(f"{url}/audio", proxy=None) as socket:
            for number in range(200):
                await socket.send(str(number))
            await asyncio.sleep(0.2)
            assert not taker.got
            taker.go.set()
            await socket.send("last")
            while len(taker.got) < 201:
                await asyncio.sleep(0.01)

    got = served(work).got
    assert [text for _, text in got] == [*(str(n) for n in range(200)), "last"]


def test_either_side_may_close_at_any_moment() -> None:
    async def work(url: str, taker: Taker) -> None:
        async with connect(f"{url}/audio", proxy=None) as socket:
            await socket.send("close")
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 40)
        async with connect(f"{url}/audio", proxy=None) as socket:
            await socket.send("one")
        async with connect(f"{url}/audio", proxy=None) as socket:
            await socket.send("two")
            socket.transport.abort()  # without a word
        while len(taker.ended) < 2:
            await asyncio.sleep(0.01)

    assert [text for _, text in served(work).got] == ["close", "one", "two"]


def test_a_message_that_is_too_long_ends_its_socket_only() -> None:
    async def work(url: str, taker: Taker) -> None:
        async with connect(f"{url}/audio", proxy=None) as good, connect(f"{url}/audio", proxy=None) as bad:
            await bad.send("x" * 20_000)
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(bad.recv(), 40)
            await good.send("fine")
            while not taker.got:
                await asyncio.sleep(0.01)

    assert [text for _, text in served(work).got] == ["fine"]
