"""The one loop: event in, step, effects carried out, results back in, actions out; stored after every turn."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from booking import callers, conversations, holds, notes
from booking.conversations import Line
from booking.errors import StaleState
from booking.phone import mobile
from dialogs import effects as fx
from dialogs.engine import give_back, reopen, step
from dialogs.events import Event, Heard, HungUp, Keyed, Recorded, Result, Resumed, Silent, Started
from dialogs.flow import FlowError
from dialogs.gist import Gist, gist
from dialogs.state import State
from dialogs.understand import Hearing
from ivr.actions import Action, End, Listen, RecordNote, Speak, Transfer
from ivr.helpline import Helpline
from ivr.observe.observer import Stepped
from ivr.operations import UNREACHABLE
from ivr.operations.waiting import freed_for
from ivr.transcript import Transcript
from models.store import StoreError
from prompts.errors import PromptError
from prompts.sentence import Sentence

log = logging.getLogger(__name__)

OUTAGE_WAIT_S = 5.0  # between two tries to reach the store, while the caller waits on the line
LETTERS_A_SECOND = 12.0  # of speech; a typed note counts like a spoken one
_NOT_RESUMED = (
    "held number resume why relation language_known reason intent refused records older proven tries freed told".split()
)


class Conversation:
    """One conversation on a channel (see `ivr.line.Talk`), to its end with the edition with which it began, but always
    with the present catalogue. Its methods block on the store; call them one at a time.

    A turn that needs the store while it is away is not lost: the caller is asked to wait, and the turn is done again
    at the next event, for `limits.store_down_s`. Operations may be repeated: each has its effect once.

    Every method stores the state before it returns. A store that cannot be reached is logged and does not end the
    conversation: the state stays here and is stored with the next turn.
    """

    def __init__(self, helpline: Helpline, id: str, *, speech: bool = True) -> None:
        self._id = id
        self._speech = speech
        self._transcript = Transcript()
        self._grammar: Mapping[str, tuple[str, ...]] = {}
        self._waiting: Event | None = None
        self._away_since: datetime | None = None
        with helpline.store.read() as session:
            row = conversations.load(session, id)
            self._caller, self._version = row.caller, row.version
            self._state = State.from_json(row.state) if row.state else State(conversation=id)
            self._row = row
        self._first, self._helpline = helpline, helpline.of(row)

    @property
    def id(self) -> str:
        """The conversation id."""
        return self._id

    @property
    def state(self) -> State:
        """Where the conversation stands."""
        return self._state

    @property
    def turn(self) -> int:
        """How many answers and silences there have been."""
        return self._state.turns

    def begin(self) -> list[Action]:
        """Begin, or take up again where it stopped."""
        now = self._helpline.clock.now()
        if self._state.node or self._state.ended:
            return self._run(Resumed(now, self._speech))
        return self._run(self._started(now))

    def heard(self, hearings: Sequence[Hearing]) -> list[Action]:
        """The caller said something."""
        text = next((h.text for h in hearings if h.text), "")
        if self._at_note and text:  # typed: where a voice note is asked nothing else listens
            return self._noted(b"", len(text) / LETTERS_A_SECOND, text)
        return self._run(Heard(self._helpline.clock.now(), tuple(hearings)), Line("caller", "heard", text), hearings)

    def keyed(self, keys: str) -> list[Action]:
        """The caller pressed keys."""
        return self._run(Keyed(self._helpline.clock.now(), keys), Line("caller", "keyed", keys))

    def silent(self) -> list[Action]:
        """The caller said and keyed nothing in time."""
        return self._run(Silent(self._helpline.clock.now()), Line("caller", "silent"))

    def recorded(self, audio: bytes, seconds: float) -> list[Action]:
        """A voice note ended; it is stored before anything else."""
        return self._noted(audio, seconds)

    def hung_up(self) -> None:
        """The caller is gone."""
        now = self._helpline.clock.now()
        if not self._state.ended:
            self._run(HungUp(now), Line("caller", "hung_up"))
        elif self._transcript.pending:
            self._store(now)

    def played(self, sentences: Collection[int]) -> None:
        """Only these sentences of the last reply were heard; the store learns of it with the next turn."""
        self._transcript.played(sentences)

    def gist(self, hearings: Sequence[Hearing]) -> Gist:
        """What partial hypotheses amount to at the question asked."""
        return gist(self._helpline.flow, self._state, hearings, self._helpline.clock.now(), self._grammar)

    def filler(self) -> tuple[Sentence, ...]:
        """A few words that cover slow work."""
        try:
            return self._helpline.prompts.render(
                self._state.language, "filler.wait", {}, self._helpline.names, self._helpline.clock.now()
            )
        except PromptError:
            log.exception("conversation %s: the filler was left out", self._id)
            return ()

    def dial_failed(self) -> None:
        """The agent did not answer; the conversation goes on when it is begun again."""
        self._state = reopen(self._helpline.flow, self._state, "dial")
        self._store(self._helpline.clock.now())

    def given_back(self, node: str) -> None:
        """An agent gives the caller back; the conversation goes on at the question `node` when it is begun again.
        Raises ValueError: there is no such question."""
        self._state = give_back(self._helpline.flow, self._state, node)
        self._store(self._helpline.clock.now())

    @property
    def _at_note(self) -> bool:
        node = self._helpline.flow.graph.nodes.get(self._state.node)
        return node is not None and node.kind == "record"

    def _noted(self, audio: bytes, seconds: float, text: str = "") -> list[Action]:
        now = self._helpline.clock.now()
        note = ""
        if (audio and seconds > 0) or text:
            try:
                with self._helpline.operations.store.begin() as session:  # beside what is made of it
                    note = notes.keep(session, now, self._id, audio, seconds, text)
            except StoreError:
                log.exception("conversation %s: the voice note could not be stored; it is asked for again", self._id)
        event = Recorded(now, note, seconds if note else 0.0)
        return self._run(event, Line("caller", "recorded", text or f"{seconds:.1f} s"))

    # -- one event ----------------------------------------------------------------------------------------------------

    def _run(self, event: Event, said: Line | None = None, hearings: Sequence[Hearing] = ()) -> list[Action]:
        self._catch_up()
        before, began = self._state, time.time_ns()
        if self._waiting and not isinstance(event, HungUp):
            event = replace(self._waiting, now=event.now)
        self._waiting = None
        try:
            actions, understood = self._steps(event)
        except _AwayError:
            self._state, self._waiting = before, event
            actions, understood = self._wait(event.now), time.time_ns()
        lines = [_caller_line(said, hearings, before, self._state)] if said else []
        self._transcript.turn(lines, [a for a in actions if isinstance(a, Speak)], self._state.node)
        self._store(event.now)
        told = Stepped(before, self._state, isinstance(event, Heard), began, understood, time.time_ns())
        self._helpline.observer.stepped(self._id, told)
        return actions

    def _catch_up(self) -> None:
        """Take a catalogue over that has changed since the last turn; ids in the state mean the same in it."""
        if self._helpline.flow.catalogue is self._helpline.names.catalogue:
            return
        try:
            self._helpline = self._first.of(self._row)
        except (StoreError, PromptError, FlowError, OSError):
            log.warning("conversation %s: goes on with the earlier catalogue for a turn", self._id)

    def _steps(self, event: Event) -> tuple[list[Action], int]:
        """What follows, and the wall time (ns) at which the event itself had been understood."""
        understood = 0
        actions: list[Action] = []
        events = deque([event])
        while events:
            self._state, effects = step(self._helpline.flow, self._state, events.popleft())
            understood = understood or time.time_ns()
            for effect in effects:
                if isinstance(effect, fx.Do):
                    events.append(self._do(effect, event.now))
                else:
                    actions += self._action(effect, event.now)
        return actions, understood

    def _do(self, effect: fx.Do, now: datetime) -> Result:
        outcome, data = self._helpline.operations.run(effect.op, effect.args, self._id, now)
        if outcome != UNREACHABLE:
            self._away_since = None
        elif self._bears_waiting(now):
            raise _AwayError
        return Result(now, effect.op, outcome, data)

    def _bears_waiting(self, now: datetime) -> bool:
        self._away_since = self._away_since or now
        return (now - self._away_since).total_seconds() < self._helpline.settings.limits.store_down_s

    def _wait(self, now: datetime) -> list[Action]:
        """Say that we are waiting, and listen to nothing for a moment."""
        wait = self._speak(fx.Say("trouble.wait", self._state.language), now)
        return [*wait, Listen(self._state.node, "", (), silence_s=OUTAGE_WAIT_S)]

    def _action(self, effect: fx.Effect, now: datetime) -> list[Action]:
        match effect:
            case fx.Say():
                return self._speak(effect, now)
            case fx.Ask():
                return [self._listen(effect)]
            case fx.Record(node, seconds):
                return [RecordNote(node, seconds, self._state.turns)]
            case fx.Handoff(reason):
                return [Transfer(reason)]
            case fx.HangUp():
                return [End()]
        return []

    def _speak(self, say: fx.Say, now: datetime) -> list[Action]:
        values = {**say.values, "brand": self._helpline.brand(say.language)}
        try:
            sentences = self._helpline.prompts.render(say.language, say.key, values, self._helpline.names, now)
        except PromptError:
            log.exception("conversation %s: a prompt was left out", self._id)
            return []
        return [Speak(say.key, sentences)]

    def _listen(self, ask: fx.Ask) -> Listen:
        self._grammar = {language: self._helpline.phrases(ask, language) for language in ask.languages}
        return Listen(
            node=ask.node,
            expect=ask.expect,
            languages=ask.languages,
            grammar=tuple(self._grammar.items()),
            free=ask.open,
            keypad=ask.keypad,
            length=ask.length,
            barge_in=ask.barge_in,
            silence_s=self._helpline.settings.dialog.silence_s,
            turn=self._state.turns,
        )

    # -- the store ----------------------------------------------------------------------------------------------------

    def _started(self, now: datetime) -> Started:
        digits = mobile(self._caller or "")
        if self._row.trial is not None:  # nobody's call: nothing of earlier ones is taken up
            return Started(now, self._caller, digits, None, None, None, self._speech)
        within = self._helpline.settings.dialog.resume_min
        with self._helpline.store.read() as session:
            language = callers.language_of(session, self._caller)
            row = conversations.resumable(session, now, self._caller, within)
            resume = {**_items(row.state), "resumed_from": row.id} if row else None
            freed = freed_for(session, now, digits)
        return Started(now, self._caller, digits, language, resume, freed, self._speech)

    def _store(self, now: datetime) -> None:
        try:
            with self._helpline.store.begin() as session:
                version, numbers = self._save(session, now)
            self._version = version
            self._transcript.stored(numbers)
        except StaleState:
            # The socket and the status webhook both tell of a hang-up; whoever comes second has nothing to add.
            level = logging.DEBUG if self._state.ended else logging.WARNING
            log.log(level, "conversation %s: another process has gone on with it", self._id)
            self._correct()
        except StoreError:
            log.exception("conversation %s: this turn is not stored yet", self._id)

    def _correct(self) -> None:
        """What was not heard of a reply is taken out whoever has gone on with the conversation."""
        try:
            with self._helpline.store.begin() as session:
                self._transcript.correct(session, self._id)
        except StoreError:
            log.exception("conversation %s: the transcript says more than was heard", self._id)

    def _save(self, session: Session, now: datetime) -> tuple[int, list[int]]:
        state, id = self._state, self._id
        version = conversations.save(session, id, state.to_json(), expected_version=self._version, now=now)
        numbers = self._transcript.store(session, now, id)
        if state.filled.get("language_known") and self._row.trial is None:
            callers.remember_language(session, now, self._caller, state.language)
        if state.ended:
            reason = state.filled.get("reason") if state.ended == "handoff" else None
            conversations.finish(session, now, id, str(state.outcome), reason)
            if state.outcome != conversations.CUT_OFF:
                holds.release(session, id)
        return version, numbers


class _AwayError(Exception):
    """The store is away, and the caller can wait."""


def _items(state: Mapping[str, Any]) -> dict[str, Any]:
    """What of an earlier conversation is taken over: what the caller said, not what was done about it."""
    return {k: v for k, v in (state.get("filled") or {}).items() if k not in _NOT_RESUMED}


def _caller_line(line: Line, hearings: Sequence[Hearing], before: State, after: State) -> Line:
    """The caller's line with the question it answered and the items that it changed (None: not understood); `doubt` is
    what it was taken for when that is asked back.

    Where several languages listened, the words are those of the language in which the conversation goes on.
    """
    text = next((h.text for h in hearings if h.text and h.language == after.language), line.text)
    changed = {k: v for k, v in after.filled.items() if before.filled.get(k) != v}
    if after.doubt and not before.doubt:
        changed["doubt"] = dict(after.doubt)
    missed = after.total_misses > before.total_misses
    return Line(line.who, line.kind, text, before.node or None, None if missed else changed)
