"""A live call: carries out what the turn-taking core decides, between a carrier's line and a conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Protocol

from dialogs.gist import Gist
from dialogs.understand.meaning import Hearing
from ivr.actions import Action, End, Listen, RecordNote, Speak, Transfer
from ivr.alarm import Alarm
from ivr.clock import Clock
from ivr.cover import Cover
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
    ResumePrompt,
    Rules,
    SilenceOver,
    StartNote,
    StopPrompt,
)
from ivr.earpiece import Earpiece
from ivr.glance import Glance
from ivr.line import FRAME_BYTES, Ears, Line, Talk, Voice
from ivr.loudspeaker import Loudspeaker, not_ours
from ivr.mouth import Mouth, Progress, beep
from ivr.observe.context import Carrying
from ivr.settings import Settings
from ivr.speech.activity import Activity
from ivr.speech.echo import Echo
from ivr.timings import How, Timings
from ivr.turns import Phase, Turns
from ivr.utterance import frames
from prompts.sentence import Sentence

TALKERS = Carrying(16, "talk")  # conversations wait for the store, not for the processor
MOST_UNASKED = 3  # turns in a row in which the conversation names no question; then it is broken

log = logging.getLogger(__name__)


class Watch(Protocol):
    """Voice activity of one line."""

    def feed(self, frame: bytes) -> bool:
        """Whether this next 20 ms frame of the caller is voiced."""


class LiveCall:
    """One call. The carrier's socket calls the async methods; all but `gone` return at once, work is done in tasks.

    `watch` and `told` (called with the `Timings` of every turn) may be replaced before `start`.
    What comes at a bad time: audio before `start` and after the end is ignored; keys before the first question answer
    it; a hearing that comes after a key is thrown away; `gone` may come at any moment, and twice.
    """

    def __init__(self, line: Line, talk: Talk, voice: Voice, ears: Ears, clock: Clock, settings: Settings) -> None:
        rules = Rules.of(settings)
        self.watch: Watch = Activity(settings.speech.vad_mode)
        self.told: Callable[[Timings], None] = self._log
        self._talk, self._clock = talk, clock
        self._turns = Turns(rules, clock.steady())
        self._echo = Echo()
        self._mouth = Mouth(
            Loudspeaker(line, self._echo, clock), voice, Progress(self._sending, self._sent, self._filling), talk.id
        )
        self._glance = Glance(lambda hearings: talk.gist(self._not_ours(hearings)), talk.id)
        self._earpiece = Earpiece(ears, frames(rules.pre_speech_s), talk.id)
        self._alarm = Alarm(clock, lambda: self._turns.due, self._tick)
        self._cover = Cover(clock, rules.filler_s, self._fill)
        self._filled_until = 0.0
        self._beep = beep(settings.speech.level_dbfs)
        self._rest = b""
        self._listen: Listen | None = None
        self._sentences: list[Sentence] = []
        self._note: list[bytes] | None = None
        self._voice_ended: tuple[float, float] | None = None
        self._lap: Timings | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._unasked = MOST_UNASKED  # until there was a first question
        self._thinking = asyncio.Lock()
        self._started = False
        self._parting: asyncio.Task[None] | None = None

    # -- called by the carrier's socket -------------------------------------------------------------------------------

    async def start(self) -> None:
        """The audio connection is up: begin the conversation. A second start is ignored."""
        if not self._started and self._parting is None:
            self._started = True
            self._think("begin", self._talk.begin)
            self._alarm.set()
            self._cover_up()

    async def audio(self, frame: bytes) -> None:
        """Audio of the caller: 8 kHz mu-law, any length."""
        if not self._started or self._parting:
            return
        data = self._rest + frame
        whole = len(data) - len(data) % FRAME_BYTES
        for at in range(0, whole, FRAME_BYTES):
            self._frame(data[at : at + FRAME_BYTES])
        self._rest = data[whole:]

    async def key(self, digit: str) -> None:
        """The caller pressed a key."""
        self._do(self._turns.key(digit, self._clock.steady()))

    async def marked(self, name: str) -> None:
        """The carrier has played everything up to the mark `name`, or cleared it."""
        self._do(self._turns.mark(name, self._clock.steady()))

    async def typed(self, text: str) -> None:
        """The caller typed words instead of saying them (our own exchange only)."""
        self._voice_ended = None
        self._do(self._turns.typed(text, self._clock.steady()))

    async def gone(self) -> None:
        """The caller is gone. Returns when nothing of the call is left running."""
        await self._leave(hung_up=True)

    async def lost(self) -> None:
        """The connection is gone, perhaps not the caller: the conversation stays open, to go on over another one."""
        await self._leave(hung_up=False)

    async def _leave(self, hung_up: bool) -> None:
        if self._parting is None:
            self._turns.hang_up()
            self._parting = asyncio.create_task(self._part(asyncio.current_task(), hung_up))
        await asyncio.shield(self._parting)  # the conversation must be told even if the socket's task is cancelled

    # -- what the core hears ------------------------------------------------------------------------------------------

    def _frame(self, frame: bytes) -> None:
        self._earpiece.keep(frame)
        if self._note is not None:
            self._note.append(frame)
        now = self._clock.steady()
        self._echo.hear(frame)
        self._do(self._turns.frame(self.watch.feed(frame) and not self._echo.explains(now), now))
        if self._turns.listening:
            self._glance.look(self._earpiece.partial(), self._so_far)

    def _so_far(self, gist: Gist) -> None:
        if self._parting is None:
            self._do(self._turns.so_far(gist, self._clock.steady()))

    def _tick(self) -> None:
        self._do(self._turns.tick(self._clock.steady()))

    def _sending(self, mark: str, seconds: float, sentence: int | None) -> None:
        now = self._clock.steady()
        ahead, self._filled_until = max(0.0, self._filled_until - now), 0.0
        self._turns.sending(mark, ahead + seconds, now, sentence)
        if self._lap:
            self._lap = replace(self._lap, audio=now)
            self._end_lap()

    def _fill(self) -> None:
        self._mouth.fill(self._talk.filler())

    def _filling(self, seconds: float) -> None:
        self._filled_until = max(self._filled_until, self._clock.steady()) + seconds

    def _sent(self) -> None:
        self._do(self._turns.sent(self._clock.steady()))

    def _not_ours(self, hearings: Sequence[Hearing]) -> tuple[Hearing, ...]:
        return not_ours(hearings, self._sentences if self._turns.over_prompt else ())

    def _heard(self, hearings: Sequence[Hearing]) -> None:
        hearings = self._not_ours(hearings)
        if hearings and self._turns.over_prompt:
            self._start(self._weigh(hearings))
        else:
            self._do(self._turns.result(hearings, self._clock.steady()))

    async def _weigh(self, hearings: Sequence[Hearing]) -> None:
        question = self._turns.question
        gist = await self._glance.at(hearings)
        if self._parting is None and question is self._turns.question:
            self._do(self._turns.result(hearings, self._clock.steady(), gist))

    # -- what the core decides ----------------------------------------------------------------------------------------

    def _do(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            self._carry_out(decision)
        if self._started and self._parting is None:
            self._alarm.set()
            self._cover_up()

    def _cover_up(self) -> None:
        waits = self._turns.phase in (Phase.THINKING, Phase.FINISHING)
        self._cover.on() if waits else self._cover.off()

    def _carry_out(self, decision: Decision) -> None:
        match decision:
            case FeedEar(count, opens):
                if opens and self._listen:
                    self._glance.forget()
                    self._earpiece.open(self._listen)
                self._earpiece.feed(count)
            case StopPrompt():
                self._mouth.stop()
            case ResumePrompt(first):
                self._mouth.say(self._sentences, first)
            case DropHearing():
                self._glance.forget()
                self._earpiece.drop()
            case EndTurn():
                now = self._clock.steady()
                self._voice_ended = (now - decision.quiet_s, now)
                self._earpiece.finish(self._heard)
            case Beep():
                self._mouth.tone(self._beep)
            case StartNote():
                self._note = []
            case Close():
                self._close(decision)
            case _:
                self._answer(decision)

    def _answer(self, decision: Answered | KeysDone | NoteDone | SilenceOver) -> None:
        note, self._note = self._note or [], None
        match decision:
            case Answered(hearings):
                self._think("said" if self._voice_ended else "typed", lambda: self._talk.heard(hearings))
            case KeysDone(keys):
                self._voice_ended = None
                self._think("keyed", lambda: self._talk.keyed(keys))
            case NoteDone(first, last, speech_s):
                audio = b"".join(note[first:last])
                self._think("note", lambda: self._talk.recorded(audio, speech_s))
            case SilenceOver():
                self._voice_ended = None
                self._think("silent", self._talk.silent)

    def _close(self, decision: Close) -> None:
        if decision.why != "heard":
            log.error("call %s: ended by its %s", self._talk.id, decision.why)
        self._earpiece.drop()
        self._start(self._mouth.close())

    # -- the conversation ---------------------------------------------------------------------------------------------

    def _think(self, how: How, turn: Callable[[], list[Action]]) -> None:
        self._end_lap()
        question = self._turns.question
        self._lap = Timings(question.node, question.expect, how, self._clock.steady())
        if self._voice_ended:
            self._lap = replace(self._lap, last_voice=self._voice_ended[0], ended=self._voice_ended[1])
            self._voice_ended = None
        self._start(self._turn(self._after_playing(turn)))

    def _after_playing(self, turn: Callable[[], list[Action]]) -> Callable[[], list[Action]]:
        """`turn`, before which the conversation learns how much of its last reply was heard."""
        played = self._turns.played
        if not self._sentences:
            return turn

        def told() -> list[Action]:
            self._talk.played(played)
            return turn()

        return told

    async def _turn(self, turn: Callable[[], list[Action]]) -> None:
        try:
            async with self._thinking:
                actions = await asyncio.get_running_loop().run_in_executor(TALKERS, turn)
        except Exception:
            log.exception("call %s: the conversation failed", self._talk.id)
            actions, self._unasked = [], MOST_UNASKED
        if self._parting is None:
            self._carry_on(actions)

    def _carry_on(self, actions: Sequence[Action]) -> None:
        """Speak, then wait as the first action that is not speech says; a turn that names none asks the same again."""
        now = self._clock.steady()
        if self._lap:
            self._lap = replace(self._lap, decided=now)
        spoken = [a for a in actions if isinstance(a, Speak)]
        waits = [a for a in actions if not isinstance(a, Speak)]
        if len(waits) > 1:
            log.warning("call %s: %d questions in one turn; the first counts", self._talk.id, len(waits))
        question = self._question(waits[0] if waits else None)
        if question is None:
            self._give_up()
            return
        self._sentences = [s for a in spoken for s in a.sentences]
        decisions = self._turns.ask(question, now)
        if self._turns.phase is Phase.PROMPT:
            self._mouth.say(self._sentences)
        self._do(decisions)

    def _question(self, action: Listen | RecordNote | Transfer | End | None) -> Question | None:
        """The question of a turn; without an action the last one again, but not for ever: then None."""
        if action is None:
            self._unasked += 1
            return self._turns.question if 0 < self._unasked <= MOST_UNASKED else None
        self._unasked = 0
        self._listen = action if isinstance(action, Listen) else None
        return Question.of(action, self._earpiece.ready)

    def _give_up(self) -> None:
        log.error("call %s: the conversation asks nothing; the carrier's webhook decides what follows", self._talk.id)
        self._turns.hang_up()
        self._alarm.off()
        self._cover.off()
        self._start(self._mouth.close())

    # -- the end ------------------------------------------------------------------------------------------------------

    async def _part(self, caller: asyncio.Task[Any] | None, hung_up: bool) -> None:
        self._alarm.off()
        self._cover.off()
        self._glance.forget()
        await self._mouth.end()
        await self._earpiece.end()
        # A turn of the conversation runs in a thread and cannot be stopped; the hang-up must come after it.
        await asyncio.gather(*(t for t in self._tasks if t is not caller), return_exceptions=True)
        self._end_lap()
        if not (self._started and hung_up):
            return
        played = self._turns.played

        def tell() -> None:
            if self._sentences:
                self._talk.played(played)
            self._talk.hung_up()

        try:
            async with self._thinking:
                await asyncio.get_running_loop().run_in_executor(TALKERS, tell)
        except Exception:
            log.exception("call %s: the conversation could not be told of the hang-up", self._talk.id)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("call %s: %r", self._talk.id, error, exc_info=error)

    def _end_lap(self) -> None:
        lap, self._lap = self._lap, None
        if lap:
            self.told(lap)

    def _log(self, lap: Timings) -> None:
        log.debug("call %s: %s", self._talk.id, lap)
