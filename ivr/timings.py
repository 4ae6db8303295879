"""How long each turn of a call took, for the log and the benches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["begin", "said", "typed", "keyed", "silent", "note"]


@dataclass(frozen=True)
class Timings:
    """One turn: the answer to the question `node` and the way to the first audio of what follows.

    All times are seconds of the call's clock; None where it did not come to it. `last_voice` is the end of the last
    voiced frame of the answer, `ended` when the turn was taken for ended, `answered` when it went to the conversation,
    `decided` when the conversation had its reply, `audio` when the first audio of the reply was sent.
    """

    node: str
    expect: str
    how: How
    answered: float
    last_voice: float | None = None
    ended: float | None = None
    decided: float | None = None
    audio: float | None = None

    @property
    def reply_s(self) -> float | None:
        """Seconds from the last voice (else from the answer) to the first audio of the reply."""
        begin = self.answered if self.last_voice is None else self.last_voice
        return None if self.audio is None else self.audio - begin

    def __str__(self) -> str:
        def ms(value: float | None) -> str:
            return "-" if value is None else f"{(value - self.answered) * 1000:+.0f}"

        steps = " ".join(f"{k}={ms(getattr(self, k))}" for k in ("last_voice", "ended", "decided", "audio"))
        return f"{self.how} at {self.node or '-'} ({self.expect or '-'}), ms from the answer: {steps}"
