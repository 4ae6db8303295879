"""How far recognition lags behind what callers say: measured, not guessed from the processor's load."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable

WINDOW_S = 10.0  # of real time: what was measured longer ago says nothing about now


def _nothing(_: float) -> None:
    pass


class Lag:
    """The lag of all recognisers of a process, in real seconds. Thread-safe.

    Audio that is ready to be decoded is `ready(key)`; when it has been decoded it is `done(key)`. `told` hears of every
    measurement. A key is the same until it is done: what waits longest is counted while it waits, so that a stuck
    recogniser shows at once.
    """

    def __init__(self, told: Callable[[float], None] = _nothing) -> None:
        self.told = told
        self._lock = threading.Lock()
        self._since: dict[Hashable, float] = {}
        self._measured: deque[tuple[float, float]] = deque()

    def ready(self, key: Hashable) -> None:
        """Audio of `key` waits to be decoded."""
        with self._lock:
            self._since.setdefault(key, time.monotonic())

    def done(self, key: Hashable) -> None:
        """It has been decoded, or was given up: then the lag is at least what it has waited."""
        now = time.monotonic()
        with self._lock:
            since = self._since.pop(key, None)
            if since is None:
                return
            self._measured.append((now, now - since))
            self._forget(now)
        self.told(now - since)

    def now(self) -> float:
        """The lag that a caller has to expect: the mean of the last seconds, or what is waiting already if that is
        longer."""
        now = time.monotonic()
        with self._lock:
            self._forget(now)
            recent = [lag for _, lag in self._measured]
            waiting = now - min(self._since.values()) if self._since else 0.0
        return max(sum(recent) / len(recent) if recent else 0.0, waiting)

    def _forget(self, now: float) -> None:
        while self._measured and now - self._measured[0][0] > WINDOW_S:
            self._measured.popleft()
