"""The callers' sound read together: what came on all calls in the last moment is taken in one go.

A carrier sends each call 50 messages a second. Waking for each one costs more than handling it: the processor's caches
belong to the recognisers by then. Measured with 20 calls on two cores (bench/capacity): 5.3 ms CPU a call-second when
every message wakes the event loop, 3.2 when it wakes every 40 ms for all calls together, 2.4 at 100 ms. A reply comes
later by half of that time on average.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

MOST_WAITING = 200  # messages not yet taken by the call (4 s) after which no more are read until it has


class Beat:
    """Lets all sockets that wait for it read again, every `seconds`; rests while none waits."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: list[Gathered] = []

    def wait(self, socket: Gathered) -> None:
        """Read nothing more from `socket` until the next beat."""
        if not self._waiting:
            socket.loop.call_later(self._seconds, self._go_on)
        self._waiting.append(socket)

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for socket in waiting:
            socket.go_on()


class Gathered(WebSocketsSansIOProtocol):
    """Uvicorn's socket, which reads the paths that begin with `path` in time with `beat` and others as they come."""

    def __init__(self, beat: Beat, path: str, **server: Any) -> None:
        super().__init__(**server)
        self._beat, self._path = beat, path
        self._waits = False

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        super().data_received(data)
        gathers = self.handshake_complete and not self.close_sent and self.scope["path"].startswith(self._path)
        if gathers and not (self._waits or self.transport.is_closing()):
            self._waits = True
            self.transport.pause_reading()
            self._beat.wait(self)

    def go_on(self) -> None:
        """The beat has come."""
        self._waits = False
        if not (self.read_paused or self.transport.is_closing()):
            self.transport.resume_reading()

    def handle_text(self, event: Frame) -> None:
        """A message has come: unlike uvicorn's, reading stops only when many wait for the call."""
        paused, self.read_paused = self.read_paused, True  # so that it is not stopped there
        super().handle_text(event)
        self.read_paused = paused
        if not paused and self.queue.qsize() > MOST_WAITING:
            self.read_paused = True
            self.transport.pause_reading()

    async def receive(self) -> Any:
        """The next message; reading goes on when all have been taken, but not before the beat."""
        message = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            if not self._waits:
                self.transport.resume_reading()
        return message


def gathered(seconds: float, path: str) -> Callable[..., asyncio.Protocol]:
    """The sockets of one server, for uvicorn's `ws`; 0 seconds: everything as it comes."""
    return partial(Gathered, Beat(seconds), path) if seconds else WebSocketsSansIOProtocol
