"""The caller's telephone as the exchange sees it: microphone, keys and typed words in; sound and signs out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ivr.line import FRAME_BYTES

SILENCE = b"\xff" * FRAME_BYTES
LIVE_PIECE = 1_600  # bytes (200 ms): a piece up to this comes from a microphone, a longer one is a clip
LIVE_BACKLOG = 4_000  # bytes (500 ms) of a microphone that may wait; older sound is dropped, or it would lag for ever
MAX_BACKLOG = 8_000 * 120  # bytes: two minutes of clips
PIECE = 800  # bytes (100 ms) that sound goes to the caller in
MAX_INPUTS = 200  # keys and typed turns that wait

Sign = dict[str, str]


@dataclass(frozen=True)
class Key:
    """A pressed key."""

    digit: str


@dataclass(frozen=True)
class Text:
    """A typed turn."""

    text: str


class Handset:
    """One subscriber. `tell` takes what the subscriber is to get: mu-law audio or a sign; it must not block."""

    def __init__(self, tell: Callable[[bytes | Sign], None]) -> None:
        self.inputs: asyncio.Queue[Key | Text] = asyncio.Queue(MAX_INPUTS)
        self._tell = tell
        self._mic: deque[bytes] = deque()
        self._waiting = 0
        self._live = True
        self._ear = b""
        self._speaking = False

    def speak(self, audio: bytes) -> None:
        """The caller's sound, any length."""
        live = len(audio) <= LIVE_PIECE and (self._live or not self._waiting)  # else: the rest of a clip
        self._live = live
        if not live and self._waiting + len(audio) > MAX_BACKLOG:
            return
        self._mic.append(audio)
        self._waiting += len(audio)
        while live and self._waiting > LIVE_BACKLOG:
            self._waiting -= len(self._mic.popleft())

    def clip_end(self) -> None:
        """The clip that was spoken is complete: say so when it has gone out."""
        self._mic.append(b"")

    def give(self, given: Key | Text) -> None:
        """A key or typed turn; too many are lost, as on any line."""
        if not self.inputs.full():
            self.inputs.put_nowait(given)

    def fresh(self) -> None:
        """A new call begins: what was said and keyed in the one before is forgotten."""
        self._mic.clear()
        self._waiting = 0
        self._ear = b""
        while not self.inputs.empty():
            self.inputs.get_nowait()

    def frame(self) -> bytes:
        """The caller's next 20 ms: what was spoken, else silence."""
        frame = b""
        while self._mic and len(frame) < FRAME_BYTES:
            piece = self._mic.popleft()
            if not piece:
                self._tell({"type": "said"})
                continue
            want = FRAME_BYTES - len(frame)
            frame += piece[:want]
            if len(piece) > want:
                self._mic.appendleft(piece[want:])
        self._waiting -= len(frame)
        return frame + SILENCE[len(frame) :]

    def hear(self, frame: bytes) -> None:
        """Up to 20 ms for the caller's ear; empty: nothing is being played."""
        if frame and not self._speaking:
            self._speaking = True
            self._tell({"type": "speaking"})
        self._ear += frame
        if len(self._ear) >= PIECE or (self._ear and not frame):
            self._tell(self._ear)
            self._ear = b""
        if not frame:
            self._fall_quiet()

    def _fall_quiet(self) -> None:
        if self._speaking:
            self._speaking = False
            self._tell({"type": "quiet"})

    def clear(self) -> None:
        """What was sent and is not yet heard is to be thrown away."""
        self._ear = b""
        self._tell({"type": "clear"})
        self._fall_quiet()  # at once: a quick answer must be heard as a new one

    def sign(self, **sign: str) -> None:
        """Tell the subscriber something that is no sound."""
        self._tell(sign)
