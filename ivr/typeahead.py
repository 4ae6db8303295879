"""Keys and typed words that came while no question was open, kept for the one they were meant for."""

from __future__ import annotations

from collections import deque
from typing import Literal

KEYS = frozenset("0123456789*#")
MOST = 32  # entries kept; nobody types further ahead on purpose
How = Literal["nothing", "keys", "spoken", "command"]


class TypeAhead:
    """What was pressed between an answer and the next question, and whether it fits that question.

    Experienced callers key several answers in one go: what follows a keyed answer is for the next question. When the
    same question comes again the answer was not taken, and the rest of the burst was meant for what did not come.
    After a spoken answer or a silence it is the other way round: a key meanwhile is a late answer to the same
    question. After "back" and "agent" nothing fits.
    """

    def __init__(self) -> None:
        self._entries: deque[tuple[str, bool]] = deque(maxlen=MOST)
        self._how: How = "nothing"
        self._node: str | None = None
        self._repeat = False
        self._hash_until = float("-inf")

    def answered(self, node: str, how: How, keys: str = "") -> None:
        """The question `node` was answered; `keys` with what."""
        self._node, self._how, self._repeat = node, how, keys == "9"

    def closing_hash(self, until: float) -> None:
        """A number was complete by its length: a # up to `until` only closes it and is no answer to anything."""
        self._hash_until = until

    def is_closing_hash(self, entry: str, now: float) -> bool:
        """Whether `entry` is that #; any entry ends the wait for it."""
        late, self._hash_until = now > self._hash_until, float("-inf")
        return entry == "#" and not late

    def add(self, entry: str, typed: bool = False) -> None:
        """A key, or a typed text, while no question is open. More than `MOST` are dropped."""
        if self._how != "command" and len(self._entries) < MOST:
            self._entries.append((entry, typed))

    def clear(self) -> None:
        """Forget everything, before a voice note or a goodbye."""
        self._entries.clear()

    def opened(self, node: str) -> None:
        """The question `node` is asked now: what does not fit it is dropped."""
        again = node == self._node
        fits = {"nothing": True, "keys": not again or self._repeat, "spoken": again, "command": False}[self._how]
        if not fits:
            self._entries.clear()

    def take(self) -> tuple[str, bool] | None:
        """The next entry and whether it was typed as a text; None when there is none."""
        return self._entries.popleft() if self._entries else None
