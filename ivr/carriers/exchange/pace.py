"""Steps of 20 ms in a clock's time."""

from __future__ import annotations

from ivr.clock import Clock
from ivr.line import FRAME_MS

STEP_S = FRAME_MS / 1000
MAX_BEHIND_S = 0.5  # of the clock: a machine too slow for the clock's speed loses time instead of running in bursts


class Pace:
    """Sleeps to the next step; the steps do not drift, and a little lateness is made up for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due = clock.steady()

    async def step(self) -> None:
        """Sleep until 20 ms after the step before."""
        self._due = max(self._due + STEP_S, self._clock.steady() - MAX_BEHIND_S)
        await self._clock.sleep(self._due - self._clock.steady())
