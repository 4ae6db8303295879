"""The one clock of a process: wall time in Asia/Kolkata, a steady time for timers, and sleep; tests pin or speed it."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Kolkata")


class Clock:
    """Time as the product sees it.

    `start` pins the wall clock at the moment of creation (aware; None: the real time). `speed` runs everything faster
    than real time: at speed 10 a sleep of 1 s takes 0.1 s and wall time moves ten seconds a second.
    """

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"speed {speed}: must be above 0")
        self.speed = speed
        self._pinned = start is not None or speed != 1.0
        self._wall = (start or datetime.now(ZONE)).astimezone(ZONE)
        self._born = time.monotonic()

    def now(self) -> datetime:
        """Wall time, aware, in Asia/Kolkata."""
        if not self._pinned:
            return datetime.now(ZONE)
        return self._wall + timedelta(seconds=self.steady())

    def steady(self) -> float:
        """Seconds since creation, never going back; runs at `speed`."""
        return (time.monotonic() - self._born) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Sleep `seconds` of this clock's time."""
        await asyncio.sleep(max(seconds, 0) / self.speed)
