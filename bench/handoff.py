"""From the wish for an agent to the ring at the agent's telephone, and from there to the agent's voice at the caller.

`python -m bench handoff [--handoffs 100] [--json]`. Each caller presses 0 in a call with speech; an agent is ready, and
answers at once. The wish is the key on its way to the exchange: deciding, the place in the line, the offer and the
carrier's call to the telephone are all in the figure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bench.report import Spread, machine, table
from bench.served import TEST_MODELS
from booking.desk import presence
from booking.desk.presence import Post
from ivr.application import Running
from ivr.assembly import build
from ivr.bridge import address
from ivr.carriers.exchange.phone import Audio, Cue, Incoming, Phone
from ivr.settings import load
from ivr.speech import codec

SETTINGS = {"MITAN_AGENTS__OPEN_H": "0", "MITAN_AGENTS__CLOSE_H": "24", "MITAN_DESK__GONE_S": "600"}
TONE_HZ, WINDOW_S = 440.0, 0.1
PATIENCE_S = 60.0
CALLER = "+919826400001"


@dataclass
class Times:
    """Seconds of each handoff."""

    to_ring: list[float] = field(default_factory=list)
    to_voice: list[float] = field(default_factory=list)


def tone(seconds: float) -> bytes:
    """A tone as mu-law: the agent's voice."""
    t = np.arange(int(seconds * codec.RATE)) / codec.RATE
    return codec.to_ulaw((np.sin(2 * np.pi * TONE_HZ * t) * 8000).astype("<i2").tobytes())


def has_tone(audio: bytes) -> bool:
    """Whether most of the sound is the tone."""
    samples = np.frombuffer(codec.to_pcm(audio), dtype="<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    at = np.abs(np.fft.rfftfreq(len(samples), 1 / codec.RATE) - TONE_HZ) < 25
    return bool(spectrum.sum() > 1e6 and spectrum[at].sum() > spectrum.sum() / 2)


class Pair:
    """A caller and an agent."""

    def __init__(self, running: Running, times: Times) -> None:
        self._running, self._agent, self._times = running, "asha", times
        self._url = "ws" + running.url.removeprefix("http")

    async def run(self, handoffs: int) -> None:
        """So many handoffs, one after the other."""
        bridge = self._running.application.bridge
        phone = await Phone.register(self._url, address(self._agent), bridge.token(self._agent))
        rings: asyncio.Queue[float] = asyncio.Queue()
        works = asyncio.create_task(self._works(phone, rings))
        for _ in range(handoffs):
            self._ready()
            await asyncio.wait_for(self._call(rings), PATIENCE_S)
        works.cancel()
        await asyncio.gather(works, return_exceptions=True)
        await phone.close()

    async def _works(self, phone: Phone, rings: asyncio.Queue[float]) -> None:
        """The agent takes every call at once and speaks."""
        while (event := await phone.next()) is not None:
            if isinstance(event, Incoming):
                rings.put_nowait(time.monotonic())
                await phone.answer()
            elif phone.state == "answered" and not isinstance(event, Audio | Cue):
                await phone.say(tone(3.0))

    async def _call(self, rings: asyncio.Queue[float]) -> None:
        caller = await Phone.dial(self._url, caller=CALLER)
        while await caller.next() != Cue("speaking"):  # keys may be pressed over the prompt
            pass
        wished = time.monotonic()
        await caller.press("0")
        voice = asyncio.create_task(self._voice(caller))
        rang = await rings.get()
        self._times.to_ring.append(rang - wished)
        self._times.to_voice.append(await voice - rang)
        await caller.hang_up()
        while caller.state != "ended":
            await caller.next()
        await caller.close()

    async def _voice(self, caller: Phone) -> float:
        """When the caller hears the agent."""
        heard = b""
        while (event := await caller.next()) is not None:
            heard = (heard + event.data)[-int(WINDOW_S * codec.RATE) :] if isinstance(event, Audio) else heard
            if isinstance(event, Audio) and has_tone(heard):
                return time.monotonic()
        raise RuntimeError("the call ended before the agent was heard")

    def _ready(self) -> None:
        now = datetime.now(UTC)
        with self._running.application.helpline.store.begin() as session:
            presence.come(session, now, self._agent, Post(("hi", "en")))
            presence.ready(session, now, self._agent)


def measure(handoffs: int) -> dict[str, Any]:
    """All figures of one run."""
    about, times = machine(), Times()
    with tempfile.TemporaryDirectory(prefix="mitan-bench-") as folder:
        os.environ.update(TEST_MODELS | SETTINGS | {"MITAN_SERVER__VAR_DIR": folder, "MITAN_SERVER__PORT": "0"})
        with Running(build(load())) as running:
            asyncio.run(Pair(running, Times()).run(2))  # the sentences are spoken for the first time
            asyncio.run(Pair(running, times).run(handoffs))
    return {
        "machine": about,
        "ring_ms": Spread.of(times.to_ring, 1000).__dict__,
        "ring_max_ms": round(max(times.to_ring) * 1000),
        "voice_ms": Spread.of(times.to_voice, 1000).__dict__,
    }


def show(figures: dict[str, Any]) -> None:
    """Tables."""
    print(figures["machine"])
    rows = [
        ("wish to ring", *Spread(**figures["ring_ms"]).row()),
        ("ring to voice", *Spread(**figures["voice_ms"]).row()),
    ]
    print(table(["ms", "n", "median", "p95", "p99"], rows))
    print(f"the longest wait for a ring: {figures['ring_max_ms']} ms")


def main(args: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench handoff", description=__doc__)
    parser.add_argument("--handoffs", type=int, default=100, help="how many (default 100)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(args)
    figures = measure(options.handoffs)
    print(json.dumps(figures)) if options.json else show(figures)
