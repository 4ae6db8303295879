"""The caller's side of what we say: it may come back through a microphone, as sound and as words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dialogs.understand.meaning import Hearing
from ivr.clock import Clock
from ivr.line import Line
from ivr.speech.echo import Echo
from prompts.sentence import Sentence

FEWEST = 3  # words: fewer of ours in a row are an answer given in our words ("... like Raipur." "Raipur.")


class Loudspeaker:
    """A line (`ivr.line.Line`) that tells `echo` what is played on it."""

    def __init__(self, line: Line, echo: Echo, clock: Clock) -> None:
        self._line, self._echo, self._clock = line, echo, clock

    async def play(self, audio: bytes, mark: str) -> None:
        """Queue `audio` for the caller, followed by the mark `mark`."""
        self._echo.play(audio, self._clock.steady())
        await self._line.play(audio, mark)

    async def clear(self) -> None:
        """Throw away what is queued and not yet played."""
        self._echo.clear(self._clock.steady())
        await self._line.clear()

    async def close(self) -> None:
        """Close the audio connection."""
        await self._line.close()


def not_ours(hearings: Iterable[Hearing], prompt: Sequence[Sentence]) -> tuple[Hearing, ...]:
    """`hearings` without those that are no more than some words in a row of the prompt."""
    ours = _words(" ".join(s.text for s in prompt))
    return tuple(h for h in hearings if len(h.text.split()) < FEWEST or _words(h.text) not in ours)


def _words(text: str) -> str:
    return f" {' '.join(w.strip('।,.?!:;').lower() for w in text.split())} "
