"""Simulated callers: each dials through an exchange in the bench, answers what is asked, and times the reply."""

from __future__ import annotations

import asyncio
import audioop  # from audioop-lts where Python has it no more
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from bench.served import Served
from booking import conversations
from dialogs.flow import Node, load
from ivr.carriers.exchange.call import Call
from ivr.carriers.exchange.exchange import Exchange
from ivr.carriers.exchange.handset import Handset, Key, Sign
from ivr.carriers.exchange.trunk import Trunk
from ivr.clock import Clock
from ivr.line import FRAME_BYTES, FRAME_MS
from ivr.settings import ROOT
from ivr.speech.codec import to_pcm, to_ulaw
from ivr.speech.wav import read_wav
from models.store import Store

AUDIO = ROOT / "tests" / "audio"
FRAME_S = FRAME_MS / 1000
LOUD = 200  # RMS of 16-bit samples: louder frames of these clean clips are speech
TAIL = 5  # frames kept behind the last loud one; with the rest still going out, the next answer would begin late
SETTLED_S = 0.3  # a prompt is over when it has been quiet for so long
REPLY_S = 12.0  # a reply that takes longer is none
ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "hi": {
        "language": ("hi-01-language",),
        "intent": ("hi-04-intent", "hi-03-intent"),
        "service": ("hi-10-service", "hi-11-service", "hi-12-service"),
        "city": ("hi-14-city", "hi-17-city", "hi-15-city"),
        "date": ("hi-20-date", "hi-18-date", "hi-19-date"),
        "slot": ("hi-22-slot", "hi-23-slot"),
        "pin": ("hi-34-pin", "hi-35-pin"),
        "mobile": ("hi-32-mobile", "hi-33-mobile"),
        "yesno": ("hi-27-yesno", "hi-26-yesno"),
        "confirm": ("hi-30-confirm",),
    },
    "en": {
        "language": ("en-01-language",),
        "intent": ("en-02-intent", "en-03-intent"),
        "service": ("en-06-service", "en-08-service"),
        "city": ("en-09-city", "en-10-city"),
        "date": ("en-12-date", "en-11-date"),
        "slot": ("en-13-slot",),
        "pin": ("en-20-pin",),
        "mobile": ("en-19-mobile",),
        "yesno": ("en-16-yesno", "en-15-yesno"),
        "confirm": ("en-15-yesno",),
    },
}


@dataclass(frozen=True)
class Clip:
    """A spoken answer: 8 kHz mu-law, and the number of its 20 ms frames up to the end of the last loud one."""

    name: str
    audio: bytes
    frames: int

    @property
    def seconds(self) -> float:
        """The length up to its last sound."""
        return self.frames * FRAME_S


@cache
def clip(name: str) -> Clip:
    """A clip of the tests."""
    audio = to_ulaw(read_wav(AUDIO / f"{name}.wav"))
    frames = [audio[at : at + FRAME_BYTES] for at in range(0, len(audio) - FRAME_BYTES + 1, FRAME_BYTES)]
    loud = [n for n, frame in enumerate(frames) if audioop.rms(to_pcm(frame), 2) > LOUD]
    end = loud[-1] + 1
    return Clip(name, audio[: (end + TAIL) * FRAME_BYTES], end)


@dataclass
class Reply:
    """One spoken turn: the question, how long the reply took (None: none came), and what was said."""

    node: str
    expect: str
    clip: str
    reply_s: float | None


@dataclass
class Course:
    """What one call was like."""

    replies: list[Reply] = field(default_factory=list)
    first_audio_s: float | None = None
    spoken_s: float = 0.0
    seconds: float = 0.0
    reason: str = ""


class Telephone(Handset):
    """A handset that knows when its clip has gone out and when the other side speaks."""

    def __init__(self) -> None:
        super().__init__(self._told)
        self.spoke_at = 0.0
        self.changed_at = time.monotonic()
        self.playing = False
        self.began: list[float] = []
        self.state = "ringing"
        self.reason = ""
        self.answered_at: float | None = None
        self.late: list[float] = []
        self._left = 0
        self._due: float | None = None
        self._change = asyncio.Event()

    def say(self, said: Clip) -> None:
        """Speak a clip, from the next frame on."""
        self._left = said.frames
        self.speak(said.audio)

    @property
    def speaking(self) -> bool:
        """Whether the speech of the clip has not gone out yet; what follows is silence."""
        return self._left > 0

    @property
    def since(self) -> float:
        """Seconds since the other side began or ceased to speak."""
        return time.monotonic() - self.changed_at

    @property
    def settled(self) -> bool:
        """Whether a prompt is over."""
        return bool(self.began) and not self.playing and self.since > SETTLED_S

    def frame(self) -> bytes:
        """The next 20 ms; when the last speech of a clip leaves is noted."""
        if self._left:
            self._left -= 1
            if not self._left:
                self.spoke_at = time.monotonic()
                self._change.set()
        return super().frame()

    def _told(self, what: bytes | Sign) -> None:
        if isinstance(what, bytes):
            return
        now = time.monotonic()
        match what["type"]:
            case "speaking":
                self.playing, self.changed_at = True, now
                self.began.append(now)
            case "quiet":
                self.playing, self.changed_at = False, now
            case "state":
                self.state, self.reason = what["state"], what["reason"]
                if self.state == "answered":
                    self.answered_at = now
        self._change.set()

    async def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds; False when it does not within `seconds` or the call ends."""
        end = time.monotonic() + seconds
        while not true():
            left = end - time.monotonic()
            if left <= 0 or self.state == "ended":
                return False
            self._change.clear()
            try:
                await asyncio.wait_for(self._change.wait(), min(left, 0.1))
            except TimeoutError:
                continue
        return True


def exchange(served: Served, trunk: type[Trunk] = Trunk) -> Exchange:
    """An exchange of our own before the server, so that its cost is not the server's."""
    return Exchange(trunk(served.token, lambda: served.url, lambda: served.url), Clock())


@cache
def _nodes() -> Mapping[str, Node]:
    return load().nodes


class Caller:
    """One caller, who speaks `language` and answers every question with a clip as soon as it has been asked.

    `number` tells callers apart: their telephone number, and which clip they take where there are several. A caller
    with `patience_s` begins to speak when a prompt has been playing for so long.
    """

    def __init__(
        self, exchange: Exchange, store: Store, number: int, language: str, patience_s: float | None = None
    ) -> None:
        self._exchange, self._store = exchange, store
        self._number, self._language, self._patience_s = number, language, patience_s
        self.course = Course()

    async def run(self, seconds: float, hangs_up_s: float | None = None) -> Course:
        """The whole call, `seconds` at most; hung up whatever is going on after `hangs_up_s`."""
        telephone = Telephone()
        began = time.monotonic()
        call = self._exchange.dial((f"+9198264{self._number:05}", "14545"), telephone)
        if hangs_up_s is not None:
            asyncio.get_running_loop().call_later(hangs_up_s, call.hang_up)
        while time.monotonic() - began < seconds and await self._turn(call, telephone, began + seconds):
            pass
        call.hang_up()
        await telephone.until(lambda: telephone.state == "ended", 5)
        self._exchange.unplug(telephone)
        self.course.seconds = time.monotonic() - (telephone.answered_at or time.monotonic())
        self.course.reason = telephone.reason
        if telephone.began and telephone.answered_at:
            self.course.first_audio_s = telephone.began[0] - telephone.answered_at
        return self.course

    async def _turn(self, call: Call, telephone: Telephone, end: float) -> bool:
        def my_turn() -> bool:
            impatient = self._patience_s is not None and telephone.playing
            return telephone.settled or (impatient and telephone.since > (self._patience_s or 0))

        if not await telephone.until(my_turn, end - time.monotonic()) or telephone.state == "ended":
            return False
        node = await asyncio.to_thread(self._node, call.conversation)
        about = _nodes().get(node)
        if about and about.kind == "record":
            await self._leave_note(telephone)
        elif about and about.kind == "ask":
            await self._answer(telephone, node, about.expect)
        else:
            await asyncio.sleep(0.2)  # a goodbye, or the agent
        return True

    def _node(self, conversation: str) -> str:
        with self._store.read() as session:
            return str(conversations.load(session, conversation).state.get("node", ""))

    async def _answer(self, telephone: Telephone, node: str, expect: str) -> None:
        kind = ("pin" if node == "pin" else "mobile") if expect == "digits" else expect
        answers = ANSWERS[self._language]
        choice = answers.get(kind, answers["yesno"])  # a caller who has strayed says yes or no
        said = clip(choice[(self._number // 2) % len(choice)])
        await self._speak(telephone, said)
        spoke = telephone.spoke_at  # some moments ago: the reply may have begun by now
        if telephone.playing and telephone.began[-1] <= spoke:
            return  # this prompt cannot be interrupted
        came = await telephone.until(lambda: telephone.began[-1] > spoke, REPLY_S)
        if telephone.state == "ended" and not came:
            return  # hung up meanwhile
        reply = next(began for began in telephone.began if began > spoke) - spoke if came else None
        self.course.replies.append(Reply(node, expect, said.name, reply))

    async def _leave_note(self, telephone: Telephone) -> None:
        await telephone.until(lambda: telephone.settled, REPLY_S)  # the beep ends the prompt
        await self._speak(telephone, clip(f"{self._language}-03-intent"))
        await asyncio.sleep(0.2)
        before = len(telephone.began)
        telephone.give(Key("#"))
        await telephone.until(lambda: len(telephone.began) > before, REPLY_S)

    async def _speak(self, telephone: Telephone, said: Clip) -> None:
        telephone.say(said)
        self.course.spoken_s += said.seconds
        await telephone.until(lambda: not telephone.speaking, said.seconds + 5)
