"""How much of a prompt the caller has heard, from what was sent and which marks came back."""

from __future__ import annotations

MARK_GRACE_S = 2.0  # a mark is taken for lost this long after its audio must have been played
STALL_S = 15.0  # a prompt whose next sentence does not come is taken as complete after this


class Playout:
    """One prompt on its way to the caller. Times are seconds of the call's clock."""

    def __init__(self, now: float) -> None:
        self._ends = now
        self._last: str | None = None
        self._returned = True
        self._complete = False

    @property
    def whole(self) -> bool:
        """Whether all of it was sent."""
        return self._complete

    def sending(self, mark: str, seconds: float, now: float) -> None:
        """A sentence of `seconds` goes out, followed by `mark`."""
        self._ends = max(self._ends, now) + seconds
        self._last, self._returned = mark, False

    def complete(self) -> None:
        """Everything has been sent."""
        self._complete = True

    def mark(self, name: str) -> None:
        """A mark came back. Only the last one counts: an earlier one lost on the way must not hold the call up."""
        if name == self._last:
            self._returned = True

    @property
    def deadline(self) -> float:
        """When it is taken as heard even if no mark ever comes."""
        return self._ends + (MARK_GRACE_S if self._complete else STALL_S)

    def heard(self, now: float) -> bool:
        """Whether the caller has heard all of it, or must have."""
        return (self._complete and self._returned) or now >= self.deadline
