"""Where a voice note begins and ends, counted in frames from the beep on."""

from __future__ import annotations

from ivr.decisions import NoteDone, Rules
from ivr.utterance import FRAME_S, NOISE_S, ONSET_S, STALL_S, Utterance, frames

MARGIN_S = 0.3  # kept before and after the speech of a note
COMMANDS = "*0"  # back and agent end a recording; other keys are pressed by accident there


class NoteTaking:
    """One voice note of at most `longest_s` seconds."""

    def __init__(self, rules: Rules, longest_s: float, now: float) -> None:
        self._rules, self._longest = rules, frames(longest_s)
        self._utterance = Utterance(frames(rules.pre_speech_s))
        self._kept = self._first = 0
        self._ends = now + longest_s
        self.deadline = min(self._ends, now + rules.note_start_s)

    def frame(self, voiced: bool, now: float) -> bool:
        """The next frame; True when it was the last."""
        self._kept += 1
        utterance = self._utterance
        utterance.frame(voiced)
        if not utterance.begun and utterance.voiced >= frames(ONSET_S):
            self._first = self._kept - utterance.span
            utterance.begin()
        if utterance.begun:
            self.deadline = min(self._ends, now + self._rules.note_silence_s + STALL_S)
        silent = utterance.begun and utterance.quiet >= frames(self._rules.note_silence_s)
        return silent or self._kept >= self._longest or now >= self.deadline

    def done(self) -> NoteDone:
        """The note as it is."""
        speech = self._utterance.voiced * FRAME_S if self._utterance.begun else 0.0
        if speech <= NOISE_S:
            return NoteDone(0, 0, 0.0)
        margin = frames(MARGIN_S)
        last = self._kept - max(0, self._utterance.quiet - margin)
        return NoteDone(max(0, self._first - margin), last, speech)
