"""Who waits for an agent is never left in silence: measured on the sound that arrives at the caller's telephone."""

from __future__ import annotations

import asyncio
import time

import numpy as np

from ivr.carriers.exchange.phone import Audio
from ivr.speech import codec
from tests.ivr.desk.office import Office, plays
from tests.ivr.whole import Telephone, soon

SILENT_S = 4.0  # more is too long
HEARD = 300  # of 32768: what is louder can be heard on a telephone


class Listener(Telephone):
    """A caller who notes the longest silence."""

    sounded = 0.0
    longest = 0.0

    def watch(self) -> None:
        """Measure anew from now on."""
        self.sounded, self.longest = time.monotonic(), 0.0

    async def _read(self) -> None:
        while (event := await self.phone.next()) is not None:
            self.spoken += getattr(event, "name", "") == "speaking"
            if isinstance(event, Audio) and loud(event.data):
                self._sound()

    def _sound(self) -> None:
        now = time.monotonic()
        self.longest, self.sounded = max(self.longest, now - self.sounded), now

    def silence(self) -> float:
        """The longest silence since `watch`, seconds, also one that goes on."""
        return max(self.longest, time.monotonic() - self.sounded)


def loud(audio: bytes) -> bool:
    return bool(np.abs(np.frombuffer(codec.to_pcm(audio), dtype="<i2").astype(int)).max(initial=0) > HEARD)


def rounds(house: Office, caller: Telephone) -> int:
    """How many announcements there were."""
    return int((house.handoff(caller).asked or {}).get("rounds", 0))


def test_nobody_waits_in_silence(house: Office) -> None:
    async def scene() -> None:
        asha, bimla = await house.agent("asha"), await house.agent("bimla")
        for agent in (asha, bimla):
            agent.pauses()
        caller = await house.asks(kind=Listener)
        assert isinstance(caller, Listener)
        caller.watch()
        await soon(lambda: rounds(house, caller) >= 2, lambda: "a second round", 120)
        await asyncio.sleep(4)  # of it
        asha.is_ready()
        await asha.rings()
        await asyncio.sleep(1)
        handoff = await house.talk(caller, asha)
        waited = caller.silence()
        assert waited < SILENT_S, f"{waited:.1f} s while waiting in line"

        caller.watch()
        house.application.controls.to_queue("asha", handoff, "general", "")
        await house.state(caller, "waiting")
        await asyncio.sleep(6)
        bimla.is_ready()
        await bimla.rings()
        await asyncio.sleep(1)
        waited = caller.silence()
        assert waited < SILENT_S, f"{waited:.1f} s after a transfer"
        await house.talk(caller, bimla)

        caller.watch()
        house.application.controls.hold("bimla", handoff, True)
        await asyncio.sleep(5)
        assert caller.silence() < SILENT_S, "on hold"
        house.application.controls.hold("bimla", handoff, False)

        caller.watch()
        await bimla.close()  # the page is gone
        await house.state(caller, "waiting")
        await asyncio.sleep(5)
        assert caller.silence() < SILENT_S, "after the agent's line broke"

    plays(house, scene)
