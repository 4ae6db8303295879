"""Turn-taking of one call: frames, keys, marks and the clock in, decisions out. No I/O, no tasks, no clock of its own.

A call goes round: the conversation thinks, its prompt is played, then the answer is waited for:

    THINKING -> PROMPT -> WAITING -> HEARING -> FINISHING -> THINKING   (said)
                   \\________\\_________\\____> KEYING -> THINKING       (keyed)
                    \\-> NOTE -> THINKING                               (a voice note)
                     \\-> OVER                                          (goodbye, agent, limits)

Every question gets exactly one answer, and the clock alone ends every phase but OVER: call `tick` when `due` comes.
What comes of everything untimely stands in docs/turn-taking.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Literal

from dialogs.gist import NOTHING as NO_GIST
from dialogs.gist import Gist
from dialogs.understand.meaning import Hearing
from ivr.attention import Attention
from ivr.decisions import (
    Answered,
    Beep,
    Close,
    Decision,
    DropHearing,
    EndTurn,
    KeysDone,
    NoteDone,
    Question,
    ResumePrompt,
    Rules,
    SilenceOver,
    StartNote,
    StopPrompt,
)
from ivr.notetaking import COMMANDS, NoteTaking
from ivr.playout import Playout
from ivr.typeahead import KEYS, How, TypeAhead
from ivr.utterance import STALL_S

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
        self._voice = Attention(rules)
        self._ahead = TypeAhead()
        self._keys = ""
        self._beeped = False
        self._note: NoteTaking | None = None

    # -- the conversation -------------------------------------------------------------------------------------------

    def ask(self, question: Question, now: float) -> Decisions:
        """The next question; its prompt is about to be played. Keys typed ahead may answer it at once."""
        if self.phase is Phase.OVER:
            return NOTHING
        self.phase, self.question = Phase.PROMPT, question
        self._playout = Playout(now)
        self._voice.new_question()
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

    @property
    def played(self) -> frozenset[int]:
        """The numbers of the sentences of the prompt that the caller has heard to their end."""
        return self._playout.played

    def sending(self, mark: str, seconds: float, now: float, sentence: int | None = None) -> None:
        """A piece of the prompt goes out: the sentence with this number, or a beep."""
        self._playout.sending(mark, seconds, now, sentence)

    def sent(self, now: float) -> Decisions:
        """The whole prompt has gone out."""
        self._playout.complete()
        return self._follow_prompt(now)

    def mark(self, name: str, now: float) -> Decisions:
        """The carrier has played everything up to the mark `name`."""
        if self.phase is not Phase.PROMPT:
            return NOTHING  # what was cleared comes back as if it had been played
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
        if self._voice.open:
            self._hear(now)
            return NOTHING
        return self._begin_hearing(now) if self._speaks() else NOTHING

    def _wait(self, now: float) -> None:
        self.phase = Phase.WAITING
        self._silence_at = now + self.question.limit_s

    def _beep(self, now: float) -> Decisions:
        self._beeped, self._playout = True, Playout(now, self.played)
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
        return self.question.ear and self._voice.speaks

    def _frame_over_prompt(self, voiced: bool, now: float) -> Decisions:
        if self.question.kind != "answer":
            return NOTHING
        self._voice.frame(voiced)
        if not (self.question.barge_in and self.question.ear):
            return NOTHING
        if not self._voice.open:
            return (self._voice.begin(over_prompt=True),) if self._speaks() else NOTHING
        if self._voice.died_away:
            self._voice.forget()
            return (DropHearing(),)
        return self._voice.feed() + self._maybe_break_off(now)

    def _maybe_break_off(self, now: float) -> Decisions:
        if not self._voice.interrupts(self._playout.at_the_last):
            return NOTHING
        self._voice.break_off()
        self._wait(now)
        self._hear(now)
        return (StopPrompt(),)

    def _frame_waiting(self, voiced: bool, now: float) -> Decisions:
        if now >= self._silence_at:
            return self._silence(now)
        self._voice.frame(voiced)
        return self._begin_hearing(now) if self._speaks() else NOTHING

    def _begin_hearing(self, now: float) -> Decisions:
        self._hear(now)
        return (self._voice.begin(over_prompt=False),)

    def _hear(self, now: float) -> None:
        self.phase = Phase.HEARING
        self._turn_ends = now + self.rules.max_turn_s
        self._stalls(now)

    def _stalls(self, now: float) -> None:
        self._deadline = min(self._turn_ends, now + self._voice.pause_s(self.question) + STALL_S)

    def _frame_heard(self, voiced: bool, now: float) -> Decisions:
        self._voice.frame(voiced)
        self._stalls(now)
        return self._voice.feed() + self._maybe_end_turn(now)

    def _maybe_end_turn(self, now: float) -> Decisions:
        return self._end_turn(now) if self._voice.paused(self.question) or now >= self._turn_ends else NOTHING

    @property
    def over_prompt(self) -> bool:
        """Whether what is being heard began over the prompt: then its gist is wanted with its result."""
        return self._voice.over_prompt

    @property
    def listening(self) -> bool:
        """Whether an ear is open: `so_far` wants to know what it makes of the answer."""
        return self.phase is Phase.HEARING or (self.phase is Phase.PROMPT and self._voice.open)

    def so_far(self, gist: Gist, now: float) -> Decisions:
        """What the open ear has made of the answer by now. Ignored when none is open."""
        if not self.listening:
            return NOTHING
        self._voice.gist = gist
        return self._maybe_end_turn(now) if self.phase is Phase.HEARING else self._maybe_break_off(now)

    def _end_turn(self, now: float) -> Decisions:
        self.phase = Phase.FINISHING
        self._deadline = now + self.rules.hear_limit_s
        return (EndTurn(self._voice.voiced_s, self._voice.quiet_s),)

    def result(self, hearings: Sequence[Hearing], now: float, gist: Gist = NO_GIST) -> Decisions:
        """What the ear made of the turn, and its gist. Ignored when the turn was decided otherwise meanwhile."""
        if self.phase is not Phase.FINISHING:
            return NOTHING
        if self._voice.for_nothing(hearings, gist):
            return self._go_on(now)
        return self._answer(Answered(tuple(hearings)), "spoken", now)

    def _go_on(self, now: float) -> Decisions:
        if self._voice.resumable:
            return self._resume(now)
        # The silence timer is not set back, so that a noisy line cannot keep a question open for ever.
        self.phase = Phase.WAITING
        self._voice.forget()
        return self._silence(now) if now >= self._silence_at else NOTHING

    def _resume(self, now: float) -> Decisions:
        first = self._playout.first_unplayed
        self.phase, self._playout = Phase.PROMPT, Playout(now, self.played)
        self._voice.resume()
        return (ResumePrompt(first),)

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
        dropped = (DropHearing(),) if self.listening or self.phase is Phase.FINISHING else NOTHING
        return (StopPrompt(), *dropped) if self.phase is Phase.PROMPT else dropped

    def _press(self, digit: str, now: float) -> Decisions:
        if self.question.kind == "note":
            return self._press_at_note(digit, now)
        if self.question.keypad == "menu":
            return self._interrupt() + self._keyed(digit, digit in COMMANDS, now)
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
        if digit in COMMANDS or (digit == "9" and not self._beeped):
            return self._interrupt() + self._keyed(digit, True, now)
        if recording and digit == "#":
            return self._end_note(now)
        return NOTHING if self._beeped else (StopPrompt(), *self._beep(now))

    def _start_note(self, now: float) -> Decisions:
        self.phase = Phase.NOTE
        self._note = NoteTaking(self.rules, self.question.limit_s, now)
        self._deadline = self._note.deadline
        return (StartNote(),)

    def _frame_of_note(self, voiced: bool, now: float) -> Decisions:
        assert self._note
        last = self._note.frame(voiced, now)
        self._deadline = self._note.deadline
        return self._end_note(now) if last else NOTHING

    def _end_note(self, now: float) -> Decisions:
        assert self._note
        return self._answer(self._note.done(), "spoken", now)

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
