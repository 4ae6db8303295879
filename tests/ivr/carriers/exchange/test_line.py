"""The subscriber's line: outsiders, foreign pages, broken words, too many calls."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from ivr.carriers.exchange import line
from ivr.carriers.exchange.asgi import ExchangeApp
from ivr.carriers.exchange.phone import CallRefusedError, Phone
from tests.ivr.carriers.house import House, Running, soon

DIAL = {"type": "dial", "from": "+919826401715", "to": "14545"}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with Running(House(max_calls=2)) as house:
        yield house


async def closed_after(house: House, *words: object) -> tuple[int, str]:
    """Why the line was closed after these were sent."""
    async with connect(f"ws{house.url[4:]}/exchange/line", proxy=None) as ws:
        for word in words:
            await ws.send(word if isinstance(word, str) else json.dumps(word))
        await asyncio.wait_for(ws.wait_closed(), 40)
        return ws.close_code or 0, ws.close_reason or ""


@pytest.mark.parametrize(
    "word",
    [
        "hello",
        "[]",
        "{}",
        '{"type": 1}',
        DIAL | {"to": "+91; DROP"},
        DIAL | {"to": ""},
        DIAL | {"from": "9826401715"},
        DIAL | {"agent": "asleep"},
    ],
)
def test_a_word_that_makes_no_sense_cuts_the_line(house: House, word: object) -> None:
    code, reason = asyncio.run(closed_after(house, word))
    assert code == 1008
    assert reason
    assert not house.exchange.calls


def test_one_line_has_one_call(house: House) -> None:
    assert asyncio.run(closed_after(house, DIAL, DIAL)) == (1008, "a call is up already: one call a line")
    asyncio.run(soon(lambda: not house.exchange.calls))


@pytest.mark.parametrize(
    "word", [{"type": "key", "digit": "55"}, {"type": "key"}, {"type": "mood"}, {"type": "hangup"}]
)
def test_words_without_effect_are_harmless(house: House, word: dict[str, str]) -> None:
    async def run() -> None:
        async with connect(f"ws{house.url[4:]}/exchange/line", proxy=None) as ws:
            await ws.send(json.dumps(word))
            await ws.send(b"\xff" * 160)
            await ws.send(json.dumps(DIAL))
            assert json.loads(await ws.recv())["state"] == "ringing"

    asyncio.run(run())
    asyncio.run(soon(lambda: not house.exchange.calls))


def test_a_telephone_that_dials_nothing_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "IDLE_S", 0.1)
    assert asyncio.run(closed_after(house)) == (1008, "nothing is dialled")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_cannot_place_calls(house: House, origin: str) -> None:
    async def run() -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws{house.url[4:]}/exchange/line", origin=origin, proxy=None):  # type: ignore[arg-type]
                pass
        assert refused.value.response.status_code == 403

    asyncio.run(run())


def scope(origin: str, host: str) -> dict[str, object]:
    return {"headers": [(b"origin", origin.encode()), (b"host", host.encode())]}


def test_our_own_page_can(house: House) -> None:
    async def run() -> None:
        async with connect(f"ws{house.url[4:]}/exchange/line", origin=house.url, proxy=None):  # type: ignore[arg-type]
            pass

    asyncio.run(run())


def test_a_foreign_name_that_points_at_this_machine_is_no_page_of_ours(house: House) -> None:
    app = ExchangeApp(house.exchange, lambda: ["phone.example.in"])
    assert not app._own_page(scope("http://evil.example:8000", "evil.example:8000"))
    assert app._own_page(scope("http://192.168.1.5:8000", "192.168.1.5:8000"))
    assert app._own_page(scope("http://localhost:8000", "localhost:8000"))
    assert app._own_page(scope("https://phone.example.in", "10.0.0.5:8000"))
    assert not app._own_page(scope("http://127.0.0.1:1", "127.0.0.1:8000"))


def test_when_all_lines_are_taken_the_caller_hears_so(house: House) -> None:
    async def run() -> None:
        url = "ws" + house.url[4:]
        async with await Phone.dial(url) as one, await Phone.dial(url) as two, await Phone.dial(url) as three:
            async for _ in three.events():
                pass
            assert three.reason == "busy"
            for phone in (one, two):
                await phone.hang_up()
                async for _ in phone.events():
                    pass
                assert phone.reason == "hung up"
            async with await Phone.dial(url) as four:
                await four.next(5)
                assert four.state == "ringing"

    asyncio.run(run())


def test_the_phone_says_why_it_was_cut_off(house: House) -> None:
    async def run() -> None:
        async with await Phone.dial("ws" + house.url[4:], to="nobody") as phone:
            with pytest.raises(CallRefusedError, match="digits"):
                await phone.next(5)

    asyncio.run(run())
