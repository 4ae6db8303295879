"""The writing side of the socket: long pieces, clears in between, peers that are gone or take nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from ivr.carriers.twilio import writer
from ivr.carriers.twilio.writer import SocketLine


class Peer:
    def __init__(self) -> None:
        self.sent: list[MutableMapping[str, Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.gate.wait()
        if self.error:
            raise self.error
        self.sent.append(message)

    def events(self) -> list[str]:
        return [json.loads(m["text"])["event"] if "text" in m else m["type"] for m in self.sent]


def test_a_prompt_goes_out_in_pieces_of_a_second_and_one_mark() -> None:
    async def run() -> None:
        peer = Peer()
        await SocketLine(peer.send, "MZ1").play(b"\x01" * 20_000, "m")
        assert peer.events() == ["media", "media", "media", "mark"]

    asyncio.run(run())


def test_a_clear_leaves_out_the_rest_of_a_prompt_but_not_its_mark() -> None:
    async def run() -> None:
        peer = Peer()
        line = SocketLine(peer.send, "MZ1")
        peer.gate.clear()
        playing = asyncio.create_task(line.play(b"\x01" * 80_000, "m"))
        waiting = asyncio.create_task(line.play(b"\x01" * 80_000, "next"))
        await asyncio.sleep(0)
        clearing = asyncio.create_task(line.clear())
        await asyncio.sleep(0)
        peer.gate.set()
        await asyncio.gather(playing, waiting, clearing)
        assert peer.events() == ["media", "clear", "mark", "mark"]

    asyncio.run(run())


def test_two_prompts_do_not_mix_their_pieces() -> None:
    async def run() -> None:
        peer = Peer()
        line = SocketLine(peer.send, "MZ1")
        await asyncio.gather(line.play(b"\x01" * 16_000, "a"), line.play(b"\x02" * 16_000, "b"))
        assert peer.events() == ["media", "media", "mark", "media", "media", "mark"]

    asyncio.run(run())


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), RuntimeError("after close")])
def test_a_lost_peer_makes_the_line_quiet_instead_of_raising(error: Exception) -> None:
    async def run() -> None:
        peer = Peer()
        line = SocketLine(peer.send, "MZ1")
        peer.error = error
        await line.play(b"\x01" * 160, "m")
        assert not line.open
        peer.error = None
        await line.play(b"\x01" * 160, "m")
        await line.clear()
        await line.close()
        assert peer.sent == []

    asyncio.run(run())


def test_a_peer_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "SEND_TIMEOUT_S", 0.05)

    async def run() -> None:
        peer = Peer()
        peer.gate.clear()
        line = SocketLine(peer.send, "MZ1")
        await asyncio.wait_for(line.play(b"\x01" * 80_000, "m"), 40)
        assert not line.open

    asyncio.run(run())
