"""The speaking side of a call: sentences are synthesised ahead and sent one after the other, each with its mark."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ivr.line import Line, Voice
from ivr.speech.codec import RATE, seconds, to_ulaw
from prompts.sentence import Sentence

VOICE_WAIT_S = 10.0  # real seconds; synthesis of a sentence takes milliseconds
BEEP_HZ, BEEP_S, BEEP_RAMP_S = 1000, 0.2, 0.01

log = logging.getLogger(__name__)


@cache
def beep(level_dbfs: float) -> bytes:
    """The tone after which a note is recorded, as loud (RMS) as prompts, its edges soft against clicks."""
    at = np.arange(int(RATE * BEEP_S)) / RATE
    edge = np.minimum(1.0, np.minimum(at, BEEP_S - at) / BEEP_RAMP_S)
    tone = np.sin(2 * np.pi * BEEP_HZ * at) * edge * 2**0.5 * 10 ** (level_dbfs / 20)
    return to_ulaw((np.clip(tone, -1, 1) * 32767).astype("<i2").tobytes())


@dataclass(frozen=True)
class Progress:
    """Who is told how a prompt goes: `sending(mark, seconds)` before each piece, `sent()` after the last."""

    sending: Callable[[str, float], None]
    sent: Callable[[], None]


class Mouth:
    """Speaks one prompt at a time. `say`, `tone`, `stop` return at once; what they start is sent in their order.

    A sentence that cannot be synthesised is logged under `call` and left out: a call with a gap is better than none.
    """

    def __init__(self, line: Line, voice: Voice, progress: Progress, call: str) -> None:
        self._line, self._voice, self._progress, self._call = line, voice, progress, call
        self._wire = asyncio.Lock()  # fair, so that a clear goes out before the prompt that follows it
        self._tasks: set[asyncio.Task[Any]] = set()
        self._saying: asyncio.Task[None] | None = None
        self._prompt = 0
        self._queued = False

    def say(self, sentences: Sequence[Sentence]) -> None:
        """Speak `sentences`; the first goes out as soon as it is ready while the next is prepared."""
        self._saying = self._start(self._say(self._next(), list(sentences)))

    def tone(self, audio: bytes) -> None:
        """Play ready audio."""
        self._saying = self._start(self._tone(self._next(), audio))

    def stop(self) -> None:
        """Send no more of this prompt, and have the carrier throw away what it has not played yet."""
        self._prompt += 1
        if self._saying and not self._wire.locked():
            self._saying.cancel()
        if self._queued:
            self._queued = False
            self._start(self._clear())

    async def close(self) -> None:
        """Close the line after everything that was sent."""
        async with self._wire:
            await self._line.close()

    async def end(self) -> None:
        """Stop everything and wait until it has stopped."""
        self._prompt += 1
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _next(self) -> int:
        self._prompt += 1
        self._queued = False
        return self._prompt

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("call %s: the line takes no audio: %r", self._call, error)

    async def _say(self, prompt: int, sentences: list[Sentence]) -> None:
        ahead = self._prepare(sentences[0]) if sentences else None
        try:
            for number, _ in enumerate(sentences):
                audio = await ahead if ahead else b""
                more = number + 1 < len(sentences)
                ahead = self._prepare(sentences[number + 1]) if more else None
                if not await self._play(prompt, f"{prompt}.{number}", audio):
                    return
        finally:
            if ahead:
                ahead.cancel()
        self._progress.sent()

    async def _tone(self, prompt: int, audio: bytes) -> None:
        if await self._play(prompt, f"{prompt}.0", audio):
            self._progress.sent()

    def _prepare(self, sentence: Sentence) -> asyncio.Task[bytes]:
        return asyncio.create_task(self._audio(sentence))

    async def _audio(self, sentence: Sentence) -> bytes:
        try:
            return await asyncio.wait_for(self._voice.audio(sentence), VOICE_WAIT_S)
        except Exception as error:  # whatever the voice has, the call goes on
            log.warning("call %s: %s could not be said: %r", self._call, sentence.fixed or "a sentence", error)
            return b""

    async def _play(self, prompt: int, mark: str, audio: bytes) -> bool:
        """Send one piece; False when its prompt was stopped meanwhile."""
        async with self._wire:
            if prompt != self._prompt:
                return False
            if audio:
                self._queued = True
                self._progress.sending(mark, seconds(audio))
                await self._line.play(audio, mark)
        return prompt == self._prompt

    async def _clear(self) -> None:
        async with self._wire:
            await self._line.clear()
