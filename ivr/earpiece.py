"""The listening side of a call: the last seconds of audio, and the one ear that is open at a time."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from dialogs.understand.meaning import Hearing
from ivr.actions import Listen
from ivr.line import Ear, Ears
from ivr.utterance import LONGEST_ONSET

LAST_WAIT_S = 2.0  # real seconds that a hearing still running may take at the end of a call before it is cancelled

log = logging.getLogger(__name__)


class Earpiece:
    """Opens, feeds and closes ears. What goes wrong in one is logged under `call` and counts as nothing understood."""

    def __init__(self, ears: Ears, before: int, call: str) -> None:
        self._ears, self._call = ears, call
        self._ring: deque[bytes] = deque(maxlen=LONGEST_ONSET + before + 1)
        self._ear: Ear | None = None
        self._finishing: asyncio.Task[None] | None = None
        self._pending: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether speech can be recognised at all."""
        return self._ears.ready

    def keep(self, frame: bytes) -> None:
        """Remember a frame of the caller's audio for a moment."""
        self._ring.append(frame)

    def open(self, listen: Listen) -> None:
        """A new turn: an ear for the question `listen`."""
        self.drop()
        try:
            self._ear = self._ears.ear(listen)
        except Exception:
            log.exception("call %s: no ear for %s", self._call, listen.node)

    def feed(self, frames: int) -> None:
        """Give the open ear the last `frames` frames."""
        if self._ear is None:
            return
        try:
            self._ear.feed(b"".join(self._ring[at] for at in range(-min(frames, len(self._ring)), 0)))
        except Exception:
            log.exception("call %s: the ear takes no audio", self._call)
            self.drop()

    def partial(self) -> Sequence[Hearing]:
        """What the open ear makes of the turn so far."""
        if self._ear is None:
            return ()
        try:
            return self._ear.partial()
        except Exception:
            log.exception("call %s: the ear tells nothing", self._call)
            return ()

    def drop(self) -> None:
        """Throw the running hearing away. One that is being finished frees itself; its result is not reported."""
        ear, self._ear, self._finishing = self._ear, None, None
        if ear is not None:
            self._give_back(ear)

    def finish(self, report: Callable[[Sequence[Hearing]], None]) -> None:
        """The turn is over: `report` gets the result, unless the hearing is dropped before."""
        ear, self._ear = self._ear, None
        self._finishing = asyncio.create_task(self._finish(ear, report))
        self._pending.add(self._finishing)
        self._finishing.add_done_callback(self._pending.discard)

    async def _finish(self, ear: Ear | None, report: Callable[[Sequence[Hearing]], None]) -> None:
        hearings: Sequence[Hearing] = ()
        try:
            hearings = await ear.finish() if ear else ()
        except asyncio.CancelledError:
            if ear:
                self._give_back(ear)
            raise
        except Exception:
            log.exception("call %s: the ear has no result", self._call)
        if asyncio.current_task() is self._finishing:
            self._finishing = None
            report(hearings)

    def _give_back(self, ear: Ear) -> None:
        try:
            ear.discard()
        except Exception:
            log.exception("call %s: the ear cannot be given back", self._call)

    async def end(self) -> None:
        """Give everything back; returns when no hearing of this call is left."""
        self.drop()
        if self._pending:
            _, late = await asyncio.wait(self._pending, timeout=LAST_WAIT_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
