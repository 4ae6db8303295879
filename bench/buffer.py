"""The carrier's playout buffer in a bench, watched: whether a prompt that has begun ever runs dry before its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.report import Spread
from ivr.carriers.exchange import stream
from ivr.carriers.exchange.playout import Playout
from ivr.line import FRAME_MS


@dataclass
class Starved:
    """Gaps within prompts, ms each; `prompts` is how many began, `pieces` how many sentences were sent."""

    gaps_ms: list[int] = field(default_factory=list)
    prompts: int = 0
    pieces: int = 0


def starvation(starved: Starved) -> dict[str, Any]:
    """The figures of a bench."""
    gaps = asdict(Spread.of(starved.gaps_ms))
    return {"prompts": starved.prompts, "sentences": starved.pieces, "gaps_ms": gaps}


class Watched(Playout):
    """Counts the 20 ms steps without sound before a piece; a piece that goes on with the same prompt came late then.

    A mark names the prompt and the sentence it ends ("12.0"), so only with the mark it is known what a gap was.
    """

    def __init__(self, starved: Starved) -> None:
        super().__init__()
        self._starved = starved
        self._prompt = ""
        self._dry = 0
        self._before = self._within = 0
        self._begun = False

    def push(self, audio: bytes) -> None:
        """Queue audio."""
        if self._begun:
            self._within += self._dry
        else:
            self._before, self._begun = self._dry, True
        self._dry = 0
        super().push(audio)

    def mark(self, name: str) -> None:
        """Queue a mark: the sentence is whole."""
        prompt = name.partition(".")[0]
        gap = self._within + (self._before if prompt == self._prompt else 0)
        if gap:
            self._starved.gaps_ms.append(gap * FRAME_MS)
        self._starved.prompts += prompt != self._prompt
        self._starved.pieces += 1
        self._prompt, self._begun, self._within = prompt, False, 0
        super().mark(name)

    def clear(self) -> list[str]:
        """Throw everything away: what comes next is not late."""
        self._prompt, self._begun, self._within = "", False, 0
        return super().clear()

    def tick(self) -> tuple[list[str], bytes]:
        """The next 20 ms."""
        marks, frame = super().tick()
        self._dry = 0 if frame else self._dry + 1
        return marks, frame


@contextmanager
def watched() -> Iterator[Starved]:
    """All calls of this process's exchanges have watched buffers meanwhile."""
    starved, before = Starved(), vars(stream)["Playout"]
    vars(stream)["Playout"] = lambda: Watched(starved)
    try:
        yield starved
    finally:
        vars(stream)["Playout"] = before
