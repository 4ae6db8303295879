"""A caller who follows a script: waits until the bot has spoken, checks what was said, and does the next act."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.carriers.exchange.phone import Cue, Phone
from ivr.script import Script, Turn, missing
from ivr.speech import codec, wav

SETTLE_S, SETTLE_REAL_S = 0.7, 0.25  # quiet for so long, of the call's and of real time: the bot has finished
PATIENCE_S, PATIENCE_REAL_S = 40.0, 15.0  # without a word of the bot something is broken
STEP_S = 0.01


@dataclass(frozen=True)
class Means:
    """How a scripted caller speaks and knows what was said.

    `voice(text, language)` synthesises telephone audio; `heard()` is all that the bot has said, one text a turn of its;
    `folder` is where a script's audio files are; `speed` is that of the call's clock; `arrange` makes the situations
    that a turn asks for.
    """

    voice: Callable[[str, str], Awaitable[bytes]]
    heard: Callable[[], Awaitable[Sequence[str]]]
    folder: Path
    speed: float = 1.0
    arrange: Callable[[Mapping[str, Any]], Awaitable[None]] | None = None


class Caller:
    """One call. `problems` are sentences about what was not as the script expects."""

    def __init__(self, phone: Phone, script: Script, means: Means) -> None:
        self._phone = phone
        self._script = script
        self._means = means
        self._speaking = False
        self._spoken = 0  # times that the bot has begun to speak
        self._said = 0  # clips of ours that are through
        self._known = 0  # turns of the bot that were looked at
        self.problems: list[str] = []

    async def run(self) -> None:
        """The whole call; a call that is still up at the end is hung up."""
        reading = asyncio.create_task(self._read())
        try:
            await self._turns()
            await self._phone.hang_up()
            await self._until(lambda: self._over)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        self.problems += [
            f"after the last turn {pattern!r} was not heard"
            for pattern in missing(self._script.expect.hears, await self._new())
        ]

    async def _turns(self) -> None:
        before = 0
        for number, turn in enumerate(self._script.turns, 1):
            await self._finished(before)
            self.problems += [
                f"turn {number} (line {turn.line}): {pattern!r} was not heard"
                for pattern in missing(turn.hears, await self._new() if turn.hears else "")
            ]
            if self._over:
                self.problems.append(f"the call ended ({self._phone.reason}) before turn {number} (line {turn.line})")
                return
            before = self._spoken if turn.act != "wait" else before
            if not turn.hears:
                await self._new()
            if turn.meanwhile and self._means.arrange:
                await self._means.arrange(turn.meanwhile)
            await self._act(turn)
        await self._finished(before)

    async def _act(self, turn: Turn) -> None:
        phone = self._phone
        if turn.act == "keys":
            await phone.press(turn.value)
        elif turn.act == "type":
            await phone.type(turn.value)
        elif turn.act == "say":
            await self._speak(await self._means.voice(turn.value, self._script.language))
        elif turn.act == "audio":
            await self._speak(codec.to_ulaw(wav.read_wav(self._means.folder / turn.value)))
        elif turn.act == "wait":
            await asyncio.sleep(float(turn.value) / self._means.speed)
        elif turn.act == "hang_up":
            await phone.hang_up()
            await self._until(lambda: self._over)

    async def _speak(self, audio: bytes) -> None:
        through = self._said + 1
        await self._phone.say(audio)
        await self._until(lambda: self._said >= through or self._over)

    async def _new(self) -> str:
        """What the bot has said since this was asked last."""
        heard = await self._means.heard()
        new, self._known = heard[self._known :], len(heard)
        return "\n".join(new)

    async def _finished(self, before: int) -> None:
        """Wait until the bot has begun to speak more often than `before` times and has been quiet for a while."""
        settle = max(SETTLE_S / self._means.speed, SETTLE_REAL_S)
        quiet = 0.0

        def settled() -> bool:
            nonlocal quiet
            quiet = 0.0 if self._speaking or self._spoken <= before else quiet + STEP_S
            return quiet >= settle or self._over

        if not await self._until(settled):
            self.problems.append("the bot said nothing for a long time")

    async def _until(self, so: Callable[[], bool]) -> bool:
        """Wait until something is so; False when that takes longer than a caller has patience for, speech apart."""
        patience = waited = max(PATIENCE_S / self._means.speed, PATIENCE_REAL_S)
        while not so():
            waited = patience if self._speaking else waited - STEP_S
            if waited <= 0:
                return False
            await asyncio.sleep(STEP_S)
        return True

    @property
    def _over(self) -> bool:
        return self._phone.state == "ended"

    async def _read(self) -> None:
        try:
            async for event in self._phone.events():
                if isinstance(event, Cue):
                    self._cue(event.name)
        finally:
            self._phone.state = "ended"  # also when the line was cut: nothing more will come

    def _cue(self, name: str) -> None:
        if name == "speaking":
            self._speaking = True
            self._spoken += 1
        elif name == "quiet":
            self._speaking = False
        elif name == "said":
            self._said += 1
