"""Plays call scripts as text, straight into a conversation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select

from booking import conversations
from booking.export import plain
from dialogs.understand import Hearing
from ivr.actions import Action, Listen, RecordNote, Speak, Transfer
from ivr.clock import ZONE, Clock
from ivr.commands.call_found import not_found
from ivr.commands.call_setup import arrange
from ivr.conversation import Conversation
from ivr.editions import Editions
from ivr.helpline import Helpline
from ivr.names import CatalogueNames
from ivr.script import Script, Turn, missing, unmet
from models.bookings import Booking
from models.callbacks import Callback
from models.store import Store

NOTE = b"\xff" * 8000, 3.0  # a voice note: mu-law audio and the seconds of speech in it
TURN_S = 8  # a turn of the caller and the bot's answer take about so long


class PinnedClock(Clock):
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._at = now.astimezone(ZONE)

    def now(self) -> datetime:
        """Where it stands."""
        return self._at

    def move(self, seconds: float) -> None:
        """Let so much time pass."""
        self._at += timedelta(seconds=seconds)


def on(shared: Helpline, store: Store, clock: Clock) -> Helpline:
    """The shared helpline over another store and clock."""
    operations = replace(shared.operations, store=store)
    names = CatalogueNames(shared.names.catalogue)
    return replace(shared, store=store, clock=clock, operations=operations, editions=Editions(), names=names)


class AstrayError(Exception):
    """The conversation asks for something that the script has no answer of that kind for."""


class Way(Protocol):
    """How a script's acts reach the product. Each answers what the bot said."""

    conversation: str

    @property
    def over(self) -> bool:
        """Whether the conversation takes nothing more."""

    def begin(self) -> str:
        """The conversation begins."""

    def act(self, turn: Turn) -> str:
        """The caller does something. Raises AstrayError."""


@dataclass(frozen=True)
class Unheard:
    """What was not said before the turn `number` (0: at the end), and what was said instead."""

    number: int
    line: int
    wanted: str
    heard: str

    def __str__(self) -> str:
        where = f"turn {self.number} (line {self.line})" if self.number else "at the end"
        return f"{where}: {self.wanted!r} was not heard in {self.heard!r}"


@dataclass
class Played:
    """What came of a script: all that was said, what was not heard, and how the conversation ended otherwise than
    expected."""

    said: list[str]
    unheard: list[Unheard] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Sentences, none when everything was as expected."""
        return [*map(str, self.unheard), *self.wrong]


def play(script: Script, store: Store, clock: PinnedClock, way: Way) -> Played:
    """All turns of a script."""
    arrange(store, script.setup)
    heard = way.begin()
    played = Played([heard])
    try:
        for number, turn in enumerate(script.turns, 1):
            _listen(played, turn.hears, heard, (number, turn.line))
            if way.over:
                raise AstrayError(f"the call ended before turn {number} (line {turn.line})")
            arrange(store, turn.meanwhile)
            clock.move(float(turn.value) if turn.act == "wait" else TURN_S)
            if turn.act != "wait":
                heard = way.act(turn)
                played.said += [f"> {turn.value}", heard]
    except AstrayError as astray:
        played.wrong.append(str(astray))
    _listen(played, script.expect.hears, heard, (0, 0))
    if not way.over:
        way.act(Turn("hang_up", "true"))
    played.wrong += _unmet(script, store, way.conversation)
    return played


def _listen(played: Played, hears: tuple[str, ...], heard: str, where: tuple[int, int]) -> None:
    played.unheard += [Unheard(*where, pattern, heard) for pattern in missing(hears, heard)]


def _unmet(script: Script, store: Store, conversation: str) -> list[str]:
    with store.read() as session:
        outcome = conversations.load(session, conversation).outcome
        made = select(Booking).where(Booking.conversation_id == conversation).order_by(Booking.id)
        bookings = [plain(b) for b in session.scalars(made)]
        promised = session.scalars(select(Callback).where(Callback.conversation_id == conversation)).all()
        wrong = unmet(script.expect, outcome, bookings, len(promised))
        return [*wrong, *not_found(session, script.expect.found)]


def _no_words(file: str) -> str:
    raise AstrayError(f"{file}: what is said in it is not known here")


class Talking:
    """Straight into the conversation. `words(file)` are those of an audio file. `fresh`: a new object takes it up
    before every turn, as another process would."""

    def __init__(
        self, helpline: Helpline, script: Script, *, words: Callable[[str], str] = _no_words, fresh: bool = False
    ) -> None:
        self._helpline, self._script, self._words, self._fresh = helpline, script, words, fresh
        with helpline.store.begin() as session:
            self.conversation = conversations.start(session, helpline.clock.now(), "phone", script.caller or None)
        self._talk = Conversation(helpline, self.conversation)
        self._last: Action | None = None
        self._gone = False

    @property
    def over(self) -> bool:
        """Whether the conversation takes nothing more."""
        return self._gone or not isinstance(self._last, Listen | RecordNote)

    def begin(self) -> str:
        """The conversation begins."""
        return self._take(self._talk.begin())

    def act(self, turn: Turn) -> str:
        """The caller does something. Raises AstrayError."""
        if self._fresh:
            self._talk = Conversation(self._helpline, self.conversation)
        match turn.act:
            case "silence":
                note = isinstance(self._last, RecordNote)
                return self._take(self._talk.recorded(b"", 0.0) if note else self._talk.silent())
            case "keys":
                return "\n".join(self._take(self._talk.keyed(k)) for k in self._strings(turn.value))
            case "hang_up":
                self._talk.hung_up()
                self._gone = True
                return ""
        return self._take(self._said(self._words(turn.value) if turn.act == "audio" else turn.value))

    def _said(self, text: str) -> list[Action]:
        if isinstance(self._last, RecordNote):
            return self._talk.recorded(*NOTE)
        languages = self._last.languages if isinstance(self._last, Listen) else ()
        language = languages[0] if len(languages) == 1 else self._script.language
        return self._talk.heard([Hearing(text, 1.0, language)])

    def _strings(self, keys: str) -> Iterator[str]:
        """Keys as the conversation gets them: one by one at a menu, a whole string where digits are asked."""
        while keys:
            if isinstance(self._last, Listen) and self._last.keypad == "digits" and keys[0] != "*":
                most = self._last.length or len(keys)
                digits = re.match(rf"\d{{1,{most}}}#?", keys)
                if digits is None:
                    raise AstrayError(f"{keys!r} where digits are asked")
                yield digits[0].rstrip("#")
                keys = keys[digits.end() :]
            else:
                yield keys[0]
                keys = keys[1:]

    def _take(self, actions: list[Action]) -> str:
        self._last = actions[-1] if actions else None
        text = "\n".join(a.text for a in actions if isinstance(a, Speak))
        if isinstance(self._last, Transfer) and self._script.agent != "completed":
            Conversation(self._helpline, self.conversation).dial_failed()
            self._talk = Conversation(self._helpline, self.conversation)
            return f"{text}\n{self.begin()}"
        return text
