"""One alarm a call: wakes when the next thing is due, by the call's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ivr.clock import Clock

LEAST_S = 0.001  # timers may fire a little early: never spin on what is not yet due


class Alarm:
    """Calls `ring` at the time `set`. A due time moved later costs nothing: it looks again when it wakes."""

    def __init__(self, clock: Clock, due: Callable[[], float | None], ring: Callable[[], None]) -> None:
        self._clock, self._due, self._ring = clock, due, ring
        self._task: asyncio.Task[None] | None = None
        self._wakes = float("inf")

    def set(self) -> None:
        """What is due may have changed."""
        due = self._due()
        if due is None:
            self.off()
        elif due < self._wakes or self._task is None:
            self.off()
            self._wakes = due
            self._task = asyncio.create_task(self._sleep())

    def off(self) -> None:
        """Never ring again, until set."""
        task, self._task, self._wakes = self._task, None, float("inf")
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    async def _sleep(self) -> None:
        me = asyncio.current_task()
        while self._task is me and (due := self._due()) is not None:
            now = self._clock.steady()
            if now >= due:
                self._ring()
                continue
            self._wakes = due
            await self._clock.sleep(max(due - now, LEAST_S))
        if self._task is me:
            self._task, self._wakes = None, float("inf")
