"""Caller's audio in order and without holes, in frames of 20 ms. Pure."""

from __future__ import annotations

from ivr.carriers.twilio.stream import Media
from ivr.line import FRAME_BYTES

SILENCE = b"\xff"  # mu-law zero
WINDOW = 3  # chunks (60 ms) that may overtake a missing one before it is given up
MAX_FILL = 25  # chunks (500 ms) of silence put in for a gap; a longer one is shortened to this
RESYNC = 50  # late chunks in a row (1 s) after which the carrier must have begun to count anew


class Reorder:
    """Puts chunks in order: waits a little for a missing one, then fills its place with silence; late ones are dropped.

    `late` and `lost` count chunks dropped and filled, for the log.
    """

    def __init__(self) -> None:
        self.late = 0
        self.lost = 0
        self._next: int | None = None
        self._held: dict[int, bytes] = {}
        self._late_run = 0
        self._rest = b""

    def feed(self, media: Media) -> list[bytes]:
        """The frames (160 bytes each) that can go on now that `media` has come."""
        return self._frames(b"".join(self._order(media.chunk, media.payload)))

    def _order(self, chunk: int | None, payload: bytes) -> list[bytes]:
        if chunk is None:
            return [payload]
        if self._next is None:
            self._next = chunk
        if chunk < self._next:
            return self._belated(chunk, payload)
        self._late_run = 0
        self._held[chunk] = payload
        out = self._ready()
        if len(self._held) > WINDOW:
            out += self._skip()
        return out

    def _belated(self, chunk: int, payload: bytes) -> list[bytes]:
        self.late += 1
        self._late_run += 1
        if self._late_run < RESYNC:
            return []
        self._late_run = 0
        self._held.clear()
        self._next = chunk + 1
        return [payload]

    def _ready(self) -> list[bytes]:
        out = []
        while self._next in self._held:
            out.append(self._held.pop(self._next))
            self._next += 1
        return out

    def _skip(self) -> list[bytes]:
        first = min(self._held)
        missing = first - (self._next or first)
        self.lost += missing
        self._next = first
        return [SILENCE * FRAME_BYTES * min(missing, MAX_FILL), *self._ready()]

    def _frames(self, audio: bytes) -> list[bytes]:
        audio = self._rest + audio
        whole = len(audio) - len(audio) % FRAME_BYTES
        self._rest = audio[whole:]
        return [audio[i : i + FRAME_BYTES] for i in range(0, whole, FRAME_BYTES)]
