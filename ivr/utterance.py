"""When somebody speaks and when they have finished, counted in 20 ms frames."""

from __future__ import annotations

from ivr.line import FRAME_MS

FRAME_S = FRAME_MS / 1000
ONSET_S = 0.06  # voiced audio that may be speech
NOISE_S = 0.25  # an unintelligible sound up to this long is a noise, not an answer
STALL_S = 3.0  # a pause is also ended by the clock, this much later, when the carrier sends no more frames
FORGET = 25  # unvoiced frames after which a few voiced ones are no longer the beginning of speech (500 ms)
LONGEST_ONSET = 100  # frames within which speech must have become certain (2 s)
HANGOVER = 15  # unvoiced frames still given to the recogniser, so that soft endings are decoded (300 ms)
RUN_GAP = 12  # unvoiced frames that end a run of speech, so that coughs do not add up to an interruption (240 ms)
SURE = 2  # voiced frames in a row that end a pause: a single one is mostly a click


def frames(seconds: float) -> int:
    """The number of frames in `seconds`, at least 1."""
    return max(1, round(seconds / FRAME_S))


class Utterance:
    """Counts what activity detection says, frame by frame, from the first voiced frame on.

    `span` is the number of frames since speech may have begun (0: nobody speaks), `voiced` the voiced ones among
    them, `run` the voiced ones without a longer pause, `quiet` the frames since the last voice.
    """

    def __init__(self, before: int) -> None:
        self._before = before
        self.reset()

    def reset(self) -> None:
        """Nobody speaks."""
        self.span = self.voiced = self.run = self.quiet = 0
        self._row = self._unfed = 0
        self.begun = False

    def frame(self, voiced: bool) -> None:
        """The next frame."""
        if not (self.span or voiced):
            return
        self.span += 1
        self._count(voiced)
        if not self.begun and (self.quiet > FORGET or self.span > LONGEST_ONSET):
            self.reset()

    def _count(self, voiced: bool) -> None:
        self._row = self._row + 1 if voiced else 0
        self.voiced += voiced
        self.run += voiced
        if self._row >= SURE or (voiced and not self.begun):
            self.quiet = 0
        else:
            self.quiet += 1
            self.run = 0 if self.quiet > RUN_GAP else self.run

    def begin(self) -> int:
        """It is speech: how many of the last frames belong to it, with some before its first sound."""
        self.begun = True
        return self.span + self._before

    def feed(self) -> int:
        """How many of the last frames the recogniser needs now: 0 within a pause, and its end when it is over."""
        if self.quiet > HANGOVER:
            self._unfed += 1
            return 0
        due = 1 + min(self._unfed, self._before)
        self._unfed = 0
        return due
