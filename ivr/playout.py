"""How much of a prompt the caller has heard, from what was sent and which marks came back."""

from __future__ import annotations

MARK_GRACE_S = 2.0  # a mark is taken for lost this long after its audio must have been played
STALL_S = 15.0  # a prompt whose next sentence does not come is taken as complete after this


class Playout:
    """One prompt on its way to the caller. Times are seconds of the call's clock.

    `played` are the numbers of its sentences that were heard before this part of it went out (a beep, the rest of an
    interrupted prompt).
    """

    def __init__(self, now: float, played: frozenset[int] = frozenset()) -> None:
        self._ends = now
        self._under_way: list[tuple[str, int | None]] = []
        self._complete = False
        self._played = played

    @property
    def whole(self) -> bool:
        """Whether all of it was sent."""
        return self._complete

    @property
    def played(self) -> frozenset[int]:
        """The numbers of the sentences that were heard to their end."""
        return self._played

    @property
    def first_unplayed(self) -> int:
        """The number of the sentence that is being heard, or will be."""
        under_way = [number for _, number in self._under_way if number is not None]
        return min(under_way) if under_way else max(self._played, default=-1) + 1

    @property
    def at_the_last(self) -> bool:
        """Whether the last piece is being heard: it holds the question, where there is one."""
        return self._complete and len(self._under_way) <= 1

    def sending(self, mark: str, seconds: float, now: float, sentence: int | None = None) -> None:
        """A piece of `seconds` goes out, followed by `mark`; it is the sentence with this number."""
        self._ends = max(self._ends, now) + seconds
        self._under_way.append((mark, sentence))

    def complete(self) -> None:
        """Everything has been sent."""
        self._complete = True

    def mark(self, name: str) -> None:
        """A mark came back: what is before it was heard, too, even if its mark was lost on the way."""
        marks = [mark for mark, _ in self._under_way]
        if name in marks:
            self._take(marks.index(name) + 1)

    def _take(self, pieces: int) -> None:
        heard, self._under_way = self._under_way[:pieces], self._under_way[pieces:]
        self._played |= {number for _, number in heard if number is not None}

    @property
    def deadline(self) -> float:
        """When it is taken as heard even if no mark ever comes."""
        return self._ends + (MARK_GRACE_S if self._complete else STALL_S)

    def heard(self, now: float) -> bool:
        """Whether the caller has heard all of it, or must have."""
        if now >= self.deadline:
            self._take(len(self._under_way))
        return (self._complete and not self._under_way) or now >= self.deadline
