"""Turn-taking of one call: frames, keys, marks and the clock in, decisions out. No I/O, no tasks, no clock of its own.

A call goes round: the conversation thinks, its prompt is played, then the answer is waited for:

    THINKING -> PROMPT -> WAITING -> HEARING -> FINISHING -> THINKING   (said)
                   \\________\\_________\\____> KEYING -> THINKING       (keyed)
                    \\-> NOTE -> THINKING                               (a voice note)
                     \\-> OVER                                          (goodbye, agent, limits)

Every question gets exactly one answer, and the clock alone ends every phase but OVER: call `tick` when `due` comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Literal

from dialogs.understand.meaning import Hearing
from ivr.decisions import (
    Answered,
    Beep,
    Close,
    Decision,
    DropHearing,
    EndTurn,
    FeedEar,
    KeysDone,
    NoteDone,
    Question,
    Rules,
    SilenceOver,
    StartNote,
    StopPrompt,
)
from ivr.playout import Playout
from ivr.typeahead import KEYS, How, TypeAhead
from ivr.utterance import FRAME_S, Utterance, frames

ONSET_S = 0.06  # voiced audio that counts as speech when nothing is being played
NOISE_S = 0.25  # an unintelligible sound up to this long is a noise, not an answer
STALL_S = 3.0  # a pause is also ended by the clock, this much later, when the carrier sends no more frames
NOTE_MARGIN_S = 0.3  # kept before and after the speech of a note
NOTE_COMMANDS = "*0"  # back and agent end a recording; other keys are pressed by accident there

Decisions = tuple[Decision, ...]
NOTHING: Decisions = ()


class Phase(Enum):
    """Where the call stands."""

    THINKING = auto()
    PROMPT = auto()
    WAITING = auto()
    HEARING = auto()
    FINISHING = auto()
    KEYING = auto()
    NOTE = auto()
    OVER = auto()


class Turns:
    """The turn-taking of one call. `now` is always seconds of the same steady clock."""

    def __init__(self, rules: Rules, now: float) -> None:
        self.rules = rules
        self.phase = Phase.THINKING
        self.question = Question("answer")
        self._call_ends = now + rules.call_limit_s
        self._deadline = now + rules.think_limit_s
        self._silence_at = self._turn_ends = now
        self._playout = Playout(now)
        self._utterance = Utterance(frames(rules.pre_speech_s))
        self._ahead = TypeAhead()
        self._keys = ""
        self._beeped = False
        self._kept = self._first = 0

    # -- the conversation -------------------------------------------------------------------------------------------

    def ask(self, question: Question, now: float) -> Decisions:
        """The next question; its prompt is about to be played. Keys typed ahead may answer it at once."""
        if self.phase is Phase.OVER:
            return NOTHING
        self.phase, self.question = Phase.PROMPT, question
        self._playout = Playout(now)
        self._utterance.reset()
        self._keys, self._beeped = "", False
        if question.kind != "answer":
            self._ahead.clear()
            return NOTHING
        self._ahead.opened(question.node)
        return self._catch_up(now)

    def _catch_up(self, now: float) -> Decisions:
        done: Decisions = ()
        while self.phase not in (Phase.THINKING, Phase.OVER) and (entry := self._ahead.take()):
            text, typed = entry
            if typed:
                done += self._said(Hearing(text), now)
            elif not self._ahead.is_closing_hash(text, now):
                done += self._press(text, now)
        return tuple(d for d in done if not isinstance(d, StopPrompt))  # nothing of it has gone out yet

    # -- the prompt -------------------------------------------------------------------------------------------------

    def sending(self, mark: str, seconds: float, now: float) -> None:
        """A sentence of the prompt goes out."""
        self._playout.sending(mark, seconds, now)

    def sent(self, now: float) -> Decisions:
        """The whole prompt has gone out."""
        self._playout.complete()
        return self._follow_prompt(now)

    def mark(self, name: str, now: float) -> Decisions:
        """The carrier has played everything up to the mark `name`."""
        self._playout.mark(name)
        return self._follow_prompt(now)

    def _follow_prompt(self, now: float) -> Decisions:
        if self.phase is not Phase.PROMPT or not self._playout.heard(now):
            return NOTHING
        return self._after_prompt(now) if self._playout.whole else (StopPrompt(), *self._after_prompt(now))

    def _after_prompt(self, now: float) -> Decisions:
        if self.question.kind == "farewell":
            return self._close("heard")
        if self.question.kind == "note":
            return self._start_note(now) if self._beeped else self._beep(now)
        self._wait(now)
        # Words begun over the last syllable of the prompt are the answer, not a noise to be forgotten.
        return self._begin_hearing(now) if self._speaks() else NOTHING

    def _wait(self, now: float) -> None:
        self.phase = Phase.WAITING
        self._silence_at = now + self.question.limit_s

    def _beep(self, now: float) -> Decisions:
        self._beeped, self._playout = True, Playout(now)
        return (Beep(),)

    # -- the caller's voice -----------------------------------------------------------------------------------------

    def frame(self, voiced: bool, now: float) -> Decisions:
        """The next 20 ms of the caller's audio."""
        match self.phase:
            case Phase.PROMPT:
                return self._frame_over_prompt(voiced, now)
            case Phase.WAITING:
                return self._frame_waiting(voiced, now)
            case Phase.HEARING:
                return self._frame_heard(voiced, now)
            case Phase.NOTE:
                return self._frame_of_note(voiced, now)
        return NOTHING

    def _speaks(self) -> bool:
        return self.question.ear and self._utterance.voiced >= frames(ONSET_S)

    def _frame_over_prompt(self, voiced: bool, now: float) -> Decisions:
        if self.question.kind != "answer":
            return NOTHING
        self._utterance.frame(voiced)
        interrupts = self._utterance.run >= frames(self.rules.barge_in_s)
        if not (self.question.barge_in and self.question.ear and interrupts):
            return NOTHING
        self._wait(now)
        return (StopPrompt(), *self._begin_hearing(now))

    def _frame_waiting(self, voiced: bool, now: float) -> Decisions:
        if now >= self._silence_at:
            return self._silence(now)
        self._utterance.frame(voiced)
        return self._begin_hearing(now) if self._speaks() else NOTHING

    def _begin_hearing(self, now: float) -> Decisions:
        self.phase = Phase.HEARING
        self._turn_ends = now + self.rules.max_turn_s
        self._stalls(now)
        return (FeedEar(self._utterance.begin(), opens=True),)

    @property
    def _end_silence_s(self) -> float:
        digits = self.question.expect == "digits"
        return self.rules.end_silence_digits_s if digits else self.rules.end_silence_s

    def _stalls(self, now: float) -> None:
        self._deadline = min(self._turn_ends, now + self._end_silence_s + STALL_S)

    def _frame_heard(self, voiced: bool, now: float) -> Decisions:
        self._utterance.frame(voiced)
        self._stalls(now)
        count = self._utterance.feed()
        fed: Decisions = (FeedEar(count),) if count else NOTHING
        if self._utterance.quiet >= frames(self._end_silence_s) or now >= self._turn_ends:
            return fed + self._end_turn(now)
        return fed

    def _end_turn(self, now: float) -> Decisions:
        self.phase = Phase.FINISHING
        self._deadline = now + self.rules.hear_limit_s
        return (EndTurn(self._utterance.voiced * FRAME_S, self._utterance.quiet * FRAME_S),)

    def result(self, hearings: Sequence[Hearing], now: float) -> Decisions:
        """What the ear made of the turn. Ignored when the turn was decided otherwise meanwhile."""
        if self.phase is not Phase.FINISHING:
            return NOTHING
        if not hearings and self._utterance.voiced <= frames(NOISE_S):
            return self._go_on(now)
        return self._answer(Answered(tuple(hearings)), "spoken", now)

    def _go_on(self, now: float) -> Decisions:
        # The silence timer is not set back, so that a noisy line cannot keep a question open for ever.
        self.phase = Phase.WAITING
        self._utterance.reset()
        return self._silence(now) if now >= self._silence_at else NOTHING

    # -- keys and typed words ---------------------------------------------------------------------------------------

    def key(self, digit: str, now: float) -> Decisions:
        """The caller pressed a key; anything but 0-9, * and # is ignored."""
        if digit not in KEYS or self._deaf():
            return NOTHING
        if self._ahead.is_closing_hash(digit, now):
            return NOTHING
        if self.phase is Phase.THINKING:
            self._ahead.add(digit)
            return NOTHING
        return self._press(digit, now)

    def typed(self, text: str, now: float) -> Decisions:
        """The caller typed words instead of saying them."""
        if not text.strip() or self._deaf():
            return NOTHING
        if self.phase is Phase.THINKING:
            self._ahead.add(text, typed=True)
            return NOTHING
        return self._said(Hearing(text), now)

    def _deaf(self) -> bool:
        return self.phase is Phase.OVER or (self.phase is Phase.PROMPT and self.question.kind == "farewell")

    def _said(self, hearing: Hearing, now: float) -> Decisions:
        return self._interrupt() + self._answer(Answered((hearing,)), "keys", now)

    def _interrupt(self) -> Decisions:
        if self.phase is Phase.PROMPT:
            return (StopPrompt(),)
        return (DropHearing(),) if self.phase in (Phase.HEARING, Phase.FINISHING) else NOTHING

    def _press(self, digit: str, now: float) -> Decisions:
        if self.question.kind == "note":
            return self._press_at_note(digit, now)
        if self.question.keypad == "menu":
            return self._interrupt() + self._keyed(digit, digit in NOTE_COMMANDS, now)
        if digit == "*":
            return self._interrupt() + self._keyed("*", True, now)
        if digit == "#":
            return self._keyed(self._keys, False, now) if self._keys else NOTHING
        return self._digit(digit, now)

    def _digit(self, digit: str, now: float) -> Decisions:
        stopped = self._interrupt()
        self._keys += digit
        if len(self._keys) == self.question.length:
            self._ahead.closing_hash(now + self.rules.digit_gap_s)
            return stopped + self._keyed(self._keys, False, now)
        self.phase = Phase.KEYING
        self._deadline = now + self.rules.digit_gap_s
        return stopped

    def _keyed(self, keys: str, command: bool, now: float) -> Decisions:
        return self._answer(KeysDone(keys), "command" if command else "keys", now)

    # -- voice notes ------------------------------------------------------------------------------------------------

    def _press_at_note(self, digit: str, now: float) -> Decisions:
        recording = self.phase is Phase.NOTE
        if digit in NOTE_COMMANDS or (digit == "9" and not self._beeped):
            return self._interrupt() + self._keyed(digit, True, now)
        if recording and digit == "#":
            return self._end_note(now)
        return NOTHING if self._beeped else (StopPrompt(), *self._beep(now))

    def _start_note(self, now: float) -> Decisions:
        self.phase = Phase.NOTE
        self._kept = self._first = 0
        self._utterance.reset()
        self._turn_ends = now + self.question.limit_s
        self._deadline = min(self._turn_ends, now + self.rules.note_start_s)
        return (StartNote(),)

    def _frame_of_note(self, voiced: bool, now: float) -> Decisions:
        self._kept += 1
        utterance = self._utterance
        utterance.frame(voiced)
        if not utterance.begun and utterance.voiced >= frames(ONSET_S):
            self._first = self._kept - utterance.span
            utterance.begin()
        if utterance.begun:
            self._deadline = min(self._turn_ends, now + self.rules.note_silence_s + STALL_S)
        silent = utterance.begun and utterance.quiet >= frames(self.rules.note_silence_s)
        full = self._kept >= frames(self.question.limit_s)
        return self._end_note(now) if silent or full or now >= self._deadline else NOTHING

    def _end_note(self, now: float) -> Decisions:
        speech = self._utterance.voiced * FRAME_S if self._utterance.begun else 0.0
        if speech <= NOISE_S:
            return self._answer(NoteDone(0, 0, 0.0), "spoken", now)
        margin = frames(NOTE_MARGIN_S)
        last = self._kept - max(0, self._utterance.quiet - margin)
        return self._answer(NoteDone(max(0, self._first - margin), last, speech), "spoken", now)

    # -- the end and the clock --------------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """The caller is gone: nothing is decided any more."""
        self.phase = Phase.OVER

    @property
    def due(self) -> float | None:
        """When `tick` must be called at the latest; None once the call is over."""
        if self.phase is Phase.OVER:
            return None
        if self.phase is Phase.PROMPT:
            return min(self._call_ends, self._playout.deadline)
        if self.phase is Phase.WAITING:
            return min(self._call_ends, self._silence_at)
        return min(self._call_ends, self._deadline)

    def tick(self, now: float) -> Decisions:
        """Time has passed. Harmless when nothing is due."""
        due = self.due
        if due is None or now < due:
            return NOTHING
        if now >= self._call_ends:
            return self._interrupt() + self._close("call_limit")
        match self.phase:
            case Phase.THINKING:
                return self._close("think_limit")
            case Phase.PROMPT:
                return self._follow_prompt(now)
            case Phase.WAITING:
                return self._silence(now)
        return self._out_of_time(now)

    def _out_of_time(self, now: float) -> Decisions:
        match self.phase:
            case Phase.HEARING:
                return self._end_turn(now)
            case Phase.FINISHING:
                return (DropHearing(), *self._answer(Answered(()), "spoken", now))
            case Phase.KEYING:
                return self._keyed(self._keys, False, now)
        return self._end_note(now)

    def _silence(self, now: float) -> Decisions:
        return self._answer(SilenceOver(), "spoken", now)

    def _answer(self, decision: Answered | KeysDone | NoteDone | SilenceOver, how: How, now: float) -> Decisions:
        """The one answer of this question; from here on nothing else is."""
        self._ahead.answered(self.question.node, how, decision.keys if isinstance(decision, KeysDone) else "")
        self.phase = Phase.THINKING
        self._deadline = now + self.rules.think_limit_s
        return (decision,)

    def _close(self, why: Literal["heard", "call_limit", "think_limit"]) -> Decisions:
        self.phase = Phase.OVER
        return (Close(why),)
