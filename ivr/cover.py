"""Covering slow work: when there is nothing to say after a while, a few words are said, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ivr.clock import Clock


class Cover:
    """Calls `speak` when the caller has waited for `after_s` seconds; once for each wait."""

    def __init__(self, clock: Clock, after_s: float, speak: Callable[[], None]) -> None:
        self._clock, self._after_s, self._speak = clock, after_s, speak
        self._waiting: asyncio.Task[None] | None = None

    def on(self) -> None:
        """The caller waits, or goes on waiting."""
        if self._waiting is None:
            self._waiting = asyncio.create_task(self._wait())

    def off(self) -> None:
        """The caller waits no longer."""
        waiting, self._waiting = self._waiting, None
        if waiting:
            waiting.cancel()

    async def _wait(self) -> None:
        await self._clock.sleep(self._after_s)
        self._speak()
