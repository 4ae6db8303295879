"""A call without a carrier, a recogniser or a clock of its own: each part does only what a test tells it to."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Sequence
from functools import wraps
from typing import Any

from dialogs.gist import Gist
from dialogs.understand.meaning import Hearing
from ivr.actions import Action, End, Listen, Speak
from ivr.call import LiveCall
from ivr.clock import Clock
from ivr.settings import Settings
from ivr.timings import Timings
from prompts.sentence import Sentence

VOICE = b"\x10" * 160  # a frame that the fake watch takes for speech
QUIET = b"\xff" * 160


def live(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Runs a test on an event loop and fails it when it leaves a task behind."""

    @wraps(test)
    def run() -> None:
        async def guarded() -> None:
            await asyncio.wait_for(test(), 60)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            for _ in range(20):
                left = {t for t in left if not t.done()}
                await asyncio.sleep(0)
            assert not left

        asyncio.run(guarded())

    return run


async def until(true: Callable[[], Any], seconds: float = 40.0) -> None:
    """Wait (real time) until something has come true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.001)


async def settle() -> None:
    """Let everything that is ready run."""
    for _ in range(20):
        await asyncio.sleep(0)


class HandClock(Clock):
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def steady(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.time + seconds, future))
        await future

    async def go(self, seconds: float) -> None:
        """Time passes."""
        end = self.time + seconds
        await settle()
        while due := [s for s in self._sleepers if s[0] <= end and not s[1].done()]:
            first = min(due, key=lambda s: s[0])
            self._sleepers.remove(first)
            self.time = max(self.time, first[0])
            first[1].set_result(None)
            await settle()
        self.time = end

    @property
    def sleepers(self) -> int:
        return sum(not f.done() for _, f in self._sleepers)


class FakeLine:
    """What goes to the carrier, in order: ("play", audio, mark), ("clear",), ("close",)."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self.broken = False

    async def play(self, audio: bytes, mark: str) -> None:
        if self.broken:
            raise ConnectionResetError("socket closed")
        self.sent.append(("play", audio, mark))

    async def clear(self) -> None:
        self.sent.append(("clear",))

    async def close(self) -> None:
        self.sent.append(("close",))

    @property
    def marks(self) -> list[str]:
        return [s[2] for s in self.sent if s[0] == "play"]

    @property
    def deeds(self) -> list[str]:
        return [s[0] for s in self.sent]


class FakeVoice:
    """`seconds` a sentence. `slow` sentences wait for their event, `mute` ones fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.seconds = 1.0
        self.said: dict[str, bytes] = {}
        self.slow: dict[str, asyncio.Event] = {}
        self.mute: set[str] = set()

    async def audio(self, sentence: Sentence) -> bytes:
        self.asked.append(sentence.text)
        if sentence.text in self.slow:
            await self.slow[sentence.text].wait()
        if sentence.text in self.mute:
            raise RuntimeError("no voice")
        return self.said.get(sentence.text) or sentence.text.encode()[:1] * int(8000 * self.seconds)


class FakeEar:
    def __init__(self, listen: Listen) -> None:
        self.listen = listen
        self.fed = b""
        self.so_far = ""
        self.discarded = self.finished = 0
        self.result: asyncio.Future[tuple[Hearing, ...]] = asyncio.get_running_loop().create_future()

    def feed(self, audio: bytes) -> None:
        self.fed += audio

    def partial(self) -> tuple[Hearing, ...]:
        return (Hearing(self.so_far),) if self.so_far else ()

    async def finish(self) -> tuple[Hearing, ...]:
        self.finished += 1
        return await asyncio.shield(self.result)

    def discard(self) -> None:
        self.discarded += 1


class FakeEars:
    def __init__(self) -> None:
        self.ready = True
        self.opened: list[FakeEar] = []
        self.broken = False

    def ear(self, listen: Listen) -> FakeEar:
        if self.broken:
            raise RuntimeError("no recogniser is free")
        self.opened.append(FakeEar(listen))
        return self.opened[-1]


class FakeWatch:
    def feed(self, frame: bytes) -> bool:
        return frame[:1] == VOICE[:1]


class FakeTalk:
    """Answers with the next of `replies`; keeps what it was told and that it was never told two things at once."""

    id = "c-test"

    def __init__(self, *replies: list[Action] | Exception) -> None:
        self.replies = list(replies)
        self.told: list[tuple[Any, ...]] = []
        self.heard_of: list[list[int]] = []
        self.gists: dict[str, Gist] = {}
        self.hold: threading.Event | None = None
        self.together = 0
        self._one = threading.Lock()

    def _next(self, *what: Any) -> list[Action]:
        if not self._one.acquire(blocking=False):
            self.together += 1
            return []
        try:
            self.told.append(what)
            if self.hold:
                assert self.hold.wait(40)
            reply = self.replies.pop(0) if self.replies else [End()]
            if isinstance(reply, Exception):
                raise reply
            return reply
        finally:
            self._one.release()

    def begin(self) -> list[Action]:
        return self._next("begin")

    def heard(self, hearings: Sequence[Hearing]) -> list[Action]:
        return self._next("heard", *(h.text for h in hearings))

    def keyed(self, keys: str) -> list[Action]:
        return self._next("keyed", keys)

    def silent(self) -> list[Action]:
        return self._next("silent")

    def recorded(self, audio: bytes, seconds: float) -> list[Action]:
        return self._next("recorded", audio, round(seconds, 2))

    def hung_up(self) -> None:
        self._next("hung_up")

    def played(self, sentences: Collection[int]) -> None:
        self.heard_of.append(sorted(sentences))

    def gist(self, hearings: Sequence[Hearing]) -> Gist:
        return self.gists.get(hearings[0].text, Gist(words=True))

    def filler(self) -> tuple[Sentence, ...]:
        return (Sentence("~", "en"),)


class Call(LiveCall):
    """A live call on fakes, and short words for what a caller does."""

    def __init__(self, talk: FakeTalk, settings: Settings | None = None) -> None:
        self.line, self.talk, self.voice, self.ears = FakeLine(), talk, FakeVoice(), FakeEars()
        self.clock = HandClock()
        self.laps: list[Timings] = []
        super().__init__(self.line, talk, self.voice, self.ears, self.clock, settings or Settings())
        self.watch = FakeWatch()
        self.told = self.laps.append

    async def begin(self) -> None:
        """Start, and wait until the first prompt has gone out."""
        await self.start()
        await self.prompted(1)

    async def prompted(self, pieces: int) -> None:
        """Wait until so many pieces of audio have gone out in all."""
        await until(lambda: len(self.line.marks) >= pieces)
        await settle()

    async def played(self) -> None:
        """Everything sent has been played; its marks come back."""
        await self.marked(self.line.marks[-1])
        await settle()

    async def hear(self, seconds: float, frame: bytes) -> None:
        for _ in range(round(seconds / 0.02)):
            self.clock.time += 0.02
            await self.audio(frame)
        await settle()

    async def speak(self, seconds: float) -> None:
        await self.hear(seconds, VOICE)

    async def quiet(self, seconds: float) -> None:
        await self.hear(seconds, QUIET)

    async def says(self, text: str, seconds: float = 0.6) -> None:
        """Speak, be silent, and be recognised."""
        await self.speak(seconds)
        await self.quiet(0.7)
        self.ears.opened[-1].result.set_result((Hearing(text),) if text else ())
        await settle()

    async def was_told(self, *what: Any) -> None:
        """Wait until the conversation has been told this."""
        await until(lambda: what in self.talk.told)


def say(*texts: str) -> Speak:
    return Speak("prompt", tuple(Sentence(t, "en") for t in texts))


def ask(node: str = "city", **kind: Any) -> Listen:
    grammar = (("hi", ("रायपुर",)),)
    return Listen(**({"node": node, "expect": "city", "languages": ("hi",), "grammar": grammar} | kind))
