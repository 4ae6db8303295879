"""Turns: one thread at a time, first come, first served."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A lock that is handed on in the order of asking; Python's own may be taken again and again by the same thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()  # held for microseconds only
        self._line: deque[threading.Lock] = deque()
        self._owner: int | None = None

    @property
    def mine(self) -> bool:
        """Whether it is the calling thread's turn."""
        return self._owner == threading.get_ident()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits."""
        return bool(self._line)

    def take(self, timeout_s: float) -> bool:
        """Wait for a turn; False when there was none in time."""
        with self._guard:
            if self._owner is None:
                self._owner = threading.get_ident()
                return True
            place = threading.Lock()
            place.acquire()
            self._line.append(place)
        try:
            handed = place.acquire(timeout=timeout_s) or self._leave(place)
        except BaseException:
            if self._leave(place):
                self.give()
            raise
        if handed:
            self._owner = threading.get_ident()
        return handed

    def give(self) -> None:
        """End the turn: the next in the line has it."""
        with self._guard:
            if self._line:
                self._line.popleft().release()
                self._owner = 0  # nobody's yet, but not free
            else:
                self._owner = None

    def _leave(self, place: threading.Lock) -> bool:
        """Whether the turn was handed over after all, while the time ran out."""
        with self._guard:
            if place in self._line:
                self._line.remove(place)
                return False
            return True
