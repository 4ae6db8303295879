"""What the application sent and the caller has not heard yet: audio and marks in order. Pure."""

from __future__ import annotations

from collections import deque

from ivr.line import FRAME_BYTES

MAX_BYTES = 8_000 * 600  # ten minutes, as Twilio; what is sent beyond is thrown away


class Playout:
    """The carrier's buffer of outbound audio."""

    def __init__(self) -> None:
        self._queue: deque[bytes | str] = deque()
        self._bytes = 0

    @property
    def empty(self) -> bool:
        """Whether everything has been played and every mark returned."""
        return not self._queue

    def push(self, audio: bytes) -> None:
        """Queue mu-law audio."""
        if audio and self._bytes + len(audio) <= MAX_BYTES:
            self._queue.append(audio)
            self._bytes += len(audio)

    def mark(self, name: str) -> None:
        """Queue a mark behind what is there."""
        self._queue.append(name)

    def clear(self) -> list[str]:
        """Throw everything away; the marks in it, which come back at once."""
        marks = [item for item in self._queue if isinstance(item, str)]
        self._queue.clear()
        self._bytes = 0
        return marks

    def tick(self) -> tuple[list[str], bytes]:
        """The marks passed by now, and the audio of the next 20 ms: shorter before a mark, empty when there is none."""
        marks: list[str] = []
        while self._queue and isinstance(self._queue[0], str):
            marks.append(str(self._queue.popleft()))
        frame = b""
        while len(frame) < FRAME_BYTES and self._queue and isinstance(self._queue[0], bytes):
            piece = self._queue.popleft()
            assert isinstance(piece, bytes)
            want = FRAME_BYTES - len(frame)
            frame += piece[:want]
            if len(piece) > want:
                self._queue.appendleft(piece[want:])
        self._bytes -= len(frame)
        return marks, frame
