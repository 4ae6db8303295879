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
FILLER = "filler"  # the mark of what belongs to no prompt
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
    """Who is told how a prompt goes: `sending(mark, seconds, sentence)` before each piece, `sent()` after the last.

    `sentence` is the number of the sentence in its prompt; None for a tone. `filling(seconds)` before a filler.
    """

    sending: Callable[[str, float, int | None], None]
    sent: Callable[[], None]
    filling: Callable[[float], None]


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
        self._queued = self._filling = False

    def say(self, sentences: Sequence[Sentence], first: int = 0) -> None:
        """Speak `sentences` from the number `first` on; each goes out as soon as it is ready while the next is
        prepared."""
        self._saying = self._start(self._say(self._next(), list(sentences), first))

    def fill(self, sentences: Sequence[Sentence]) -> None:
        """Speak `sentences` while the next prompt is being made, unless that begins before they are ready. They are no
        part of a prompt: their progress is not told, but for how long they last."""
        self._start(self._fill(self._prompt, list(sentences)))

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
        self._queued, self._filling = self._filling, False
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

    async def _say(self, prompt: int, sentences: list[Sentence], first: int) -> None:
        ahead = self._prepare(sentences, first)
        try:
            for number in range(first, len(sentences)):
                audio = await ahead if ahead else b""
                ahead = self._prepare(sentences, number + 1)
                if not await self._play(prompt, number, audio):
                    return
        finally:
            if ahead:
                ahead.cancel()
        self._progress.sent()

    async def _fill(self, prompt: int, sentences: list[Sentence]) -> None:
        for sentence in sentences:
            audio = await self._audio(sentence)
            async with self._wire:
                if prompt != self._prompt or not audio:
                    return
                self._filling = True
                self._progress.filling(seconds(audio))
                await self._line.play(audio, FILLER)

    async def _tone(self, prompt: int, audio: bytes) -> None:
        if await self._play(prompt, None, audio):
            self._progress.sent()

    def _prepare(self, sentences: list[Sentence], number: int) -> asyncio.Task[bytes] | None:
        return asyncio.create_task(self._audio(sentences[number])) if number < len(sentences) else None

    async def _audio(self, sentence: Sentence) -> bytes:
        try:
            return await asyncio.wait_for(self._voice.audio(sentence), VOICE_WAIT_S)
        except Exception as error:  # whatever the voice has, the call goes on
            log.warning("call %s: %s could not be said: %r", self._call, sentence.fixed or "a sentence", error)
            return b""

    async def _play(self, prompt: int, sentence: int | None, audio: bytes) -> bool:
        """Send one piece; False when its prompt was stopped meanwhile."""
        mark = f"{prompt}.{sentence or 0}"
        async with self._wire:
            if prompt != self._prompt:
                return False
            if audio:
                self._queued = True
                self._progress.sending(mark, seconds(audio), sentence)
                await self._line.play(audio, mark)
        return prompt == self._prompt

    async def _clear(self) -> None:
        async with self._wire:
            await self._line.clear()
