"""The stream socket on a real server: outsiders, malformed floods, faults and lost peers."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from ivr.carriers.exchange.messages import Messages
from ivr.carriers.twilio import socket
from ivr.carriers.twilio.signature import HEADER
from tests.ivr.carriers.house import House, Running, soon

FRAME = b"\x10" * 160


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with Running(House()) as house:
        yield house


def opening(house: House, signature: str | None = None) -> connect:
    url = house.signatures.socket_url("/twilio/stream")
    signed = house.signatures.sign(url, {}) if signature is None else signature
    return connect(url, additional_headers={HEADER: signed} if signed else {}, proxy=None)


async def begun(house: House, ws: ClientConnection, call: str = "CA1") -> Messages:
    """A stream that the application knows of: `house.calls[-1]` is this one, and not that of the test before."""
    calls, messages = len(house.calls), Messages("AC1", call, "MZ1")
    await ws.send(messages.connected())
    await ws.send(messages.start({"conversation": "c"}))
    await soon(lambda: len(house.calls) > calls)
    return messages


def test_an_unsigned_socket_is_refused_with_403_and_a_log_line(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async def run(signature: str) -> int:
        with pytest.raises(InvalidStatus) as refused:
            async with opening(house, signature):
                pass
        return refused.value.response.status_code

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(run("")) == 403
        assert asyncio.run(run("d3Jvbmc=")) == 403
    assert caplog.text.count("refused unsigned request from 127.0.0.1 to /twilio/stream") == 2


def test_the_signature_of_a_webhook_does_not_open_the_socket(house: House) -> None:
    async def run() -> None:
        with pytest.raises(InvalidStatus):
            async with opening(house, house.signatures.sign(house.signatures.url("/twilio/stream"), {})):
                pass

    asyncio.run(run())


def test_a_call_hears_its_frames_keys_marks_and_words_and_its_end(house: House) -> None:
    async def run() -> None:
        async with opening(house) as ws:
            messages = await begun(house, ws, "CA-order")
            sent = [json.loads(await ws.recv())["event"] for _ in range(2)]
            assert sent == ["media", "mark"]
            for text in (messages.media(FRAME), messages.dtmf("4"), messages.mark("m1"), messages.text("hello")):
                await ws.send(text)
            await ws.send(messages.stop())
            await ws.wait_closed()
        call = house.calls[-1]
        await soon(lambda: "gone" in call.events)
        assert call.events == ["key 4", "mark m1", "typed hello", "gone"]
        assert call.frames == 1
        assert call.start.parameters == {"conversation": "c"}

    asyncio.run(run())


def test_malformed_and_unknown_messages_are_counted_and_the_call_goes_on(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    before = house.stream.counts.copy()

    async def run() -> None:
        async with opening(house) as ws:
            messages = await begun(house, ws)
            for text in ("", "{", '{"event":"media"}', "x" * 5000, '{"event":"mood"}', b"\xff\xfe"):
                await ws.send(text)
            await ws.send(messages.dtmf("6"))
            await soon(lambda: house.calls[-1].events == ["key 6"])
            assert ws.state.name == "OPEN"

    asyncio.run(run())
    counted = house.stream.counts - before
    assert (counted["malformed"], counted["ignored"]) == (5, 1)
    assert caplog.text.count("malformed stream message") == socket.LOGGED_MALFORMED


def test_a_socket_that_is_cut_tells_the_call_once(house: House) -> None:
    async def run() -> None:
        async with opening(house) as ws:
            await begun(house, ws)
            await soon(lambda: house.calls[-1].start.call_sid == "CA1")
            ws.transport.abort()
        await soon(lambda: house.calls[-1].events == ["lost"])

    asyncio.run(run())


def test_a_fault_in_a_call_closes_its_socket_and_is_not_lost(house: House, caplog: pytest.LogCaptureFixture) -> None:
    before = house.stream.counts["errors"]

    async def run() -> None:
        async with opening(house) as ws:
            messages = await begun(house, ws)
            await ws.send(messages.dtmf("9"))
            await asyncio.wait_for(ws.wait_closed(), 40)
        await soon(lambda: house.calls[-1].events == ["key 9", "lost"])

    asyncio.run(run())
    assert house.stream.counts["errors"] == before + 1
    assert "a fault in the call" in caplog.text


def test_a_socket_that_begins_no_stream_is_closed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "START_TIMEOUT_S", 0.1)
    calls = len(house.calls)

    async def run() -> None:
        async with opening(house) as ws:
            await ws.send('{"event":"connected"}')
            await asyncio.wait_for(ws.wait_closed(), 40)

    asyncio.run(run())
    assert len(house.calls) == calls


def test_typed_words_are_not_taken_from_a_real_carrier(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.stream, "_typing", False)

    async def run() -> None:
        async with opening(house) as ws:
            messages = await begun(house, ws)
            await ws.send(messages.text("book me everything"))
            await ws.send(messages.dtmf("4"))
            await soon(lambda: house.calls[-1].events == ["key 4"])

    asyncio.run(run())


def test_chunks_out_of_order_reach_the_call_in_order(house: House) -> None:
    async def run() -> None:
        async with opening(house) as ws:
            messages = await begun(house, ws)
            one, two, three = (messages.media(FRAME) for _ in range(3))
            for text in (one, three, two, two):
                await ws.send(text)
            await ws.send(messages.dtmf("4"))
            await soon(lambda: house.calls[-1].events == ["key 4"])
            assert house.calls[-1].frames == 3

    asyncio.run(run())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text() | st.binary() | st.sampled_from(['{"event":"stop"', '{"event":"dtmf","dtmf":{}}']), max_size=20)
)
def test_no_flood_of_anything_breaks_a_call(house: House, flood: list[str | bytes]) -> None:
    async def run() -> None:
        async with opening(house) as ws:
            messages = await begun(house, ws)
            for text in flood:
                if isinstance(text, bytes) or text.isprintable():
                    await ws.send(text)
            await ws.send(messages.dtmf("4"))
            await soon(lambda: house.calls and house.calls[-1].events[-1:] == ["key 4"])

    asyncio.run(run())
