"""Plays call scripts as text: straight into a conversation, or key by key through the webhooks' keypad-only way."""

from __future__ import annotations

import csv
import dataclasses
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

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
from ivr.script import Script, Turn, load, missing, unmet
from models.bookings import Booking
from models.callbacks import Callback
from models.store import Store

CALLS = Path(__file__).parent
AUDIO = CALLS.parent / "audio"
NOTE = b"\xff" * 8000, 3.0  # a voice note: mu-law audio and the seconds of speech in it
TURN_S = 8  # a turn of the caller and the bot's answer take about so long


def scripts() -> list[Path]:
    return sorted(CALLS.glob("*/*.yaml"))


def transcripts() -> dict[str, str]:
    with (AUDIO / "clips.tsv").open(encoding="utf-8") as rows:
        return {row["file"]: row["transcript"] for row in csv.DictReader(rows, delimiter="\t")}


class PinnedClock(Clock):
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._at = now.astimezone(ZONE)

    def now(self) -> datetime:
        return self._at

    def move(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)


def on(shared: Helpline, store: Store, clock: Clock) -> Helpline:
    """The shared helpline over another store and clock."""
    operations = dataclasses.replace(shared.operations, store=store)
    names = CatalogueNames(shared.names.catalogue)
    return dataclasses.replace(
        shared, store=store, clock=clock, operations=operations, editions=Editions(), names=names
    )


class Way(Protocol):
    """How a script's acts reach the product. Each answers what the bot said."""

    conversation: str

    @property
    def over(self) -> bool: ...

    def begin(self) -> str: ...

    def act(self, turn: Turn) -> str: ...


@dataclasses.dataclass
class Played:
    """What came of a script."""

    said: list[str]
    problems: list[str]
    longest: int = 0  # the most words said before a question


def play(script: Script, store: Store, clock: PinnedClock, way: Way) -> Played:
    """All turns of a script; `problems` are sentences, none when everything was as expected."""
    arrange(store, script.setup)
    heard = way.begin()
    played = Played([heard], [])
    for number, turn in enumerate(script.turns, 1):
        where = f"turn {number} (line {turn.line})"
        played.problems += [f"{where}: {p!r} was not heard in {heard!r}" for p in missing(turn.hears, heard)]
        if way.over:
            played.problems.append(f"the call ended before {where}")
            break
        arrange(store, turn.meanwhile)
        clock.move(float(turn.value) if turn.act == "wait" else TURN_S)
        if turn.act != "wait":
            heard = way.act(turn)
            played.said += [f"> {turn.value}", heard]
    played.problems += [f"at the end {p!r} was not heard in {heard!r}" for p in missing(script.expect.hears, heard)]
    if not way.over:
        way.act(Turn("hang_up", "true"))
    played.problems += _unmet(script, store, way.conversation)
    return played


def _unmet(script: Script, store: Store, conversation: str) -> list[str]:
    with store.read() as session:
        outcome = conversations.load(session, conversation).outcome
        made = select(Booking).where(Booking.conversation_id == conversation).order_by(Booking.id)
        bookings = [plain(b) for b in session.scalars(made)]
        promised = session.scalars(select(Callback).where(Callback.conversation_id == conversation)).all()
        wrong = unmet(script.expect, outcome, bookings, len(promised))
        return [*wrong, *not_found(session, script.expect.found)]


class Talking:
    """Straight into the conversation. `fresh`: a new object takes it up before every turn, as another process would."""

    def __init__(self, helpline: Helpline, script: Script, *, fresh: bool = False) -> None:
        self._helpline, self._script, self._fresh = helpline, script, fresh
        with helpline.store.begin() as session:
            self.conversation = conversations.start(session, helpline.clock.now(), "phone", script.caller or None)
        self._talk = Conversation(helpline, self.conversation)
        self._last: Action | None = None
        self._clips = transcripts()
        self._agent_talks = False
        self._gone = False

    @property
    def over(self) -> bool:
        return self._gone or not isinstance(self._last, Listen | RecordNote)

    def begin(self) -> str:
        return self._take(self._talk.begin())

    def act(self, turn: Turn) -> str:
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
        return self._take(self._said(self._clips[Path(turn.value).name] if turn.act == "audio" else turn.value))

    def _said(self, text: str) -> list[Action]:
        if isinstance(self._last, RecordNote):
            return self._talk.recorded(*NOTE)
        assert isinstance(self._last, Listen)
        both = len(self._last.languages) > 1
        language = self._script.language if both else self._last.languages[0]
        return self._talk.heard([Hearing(text, 1.0, language)])

    def _strings(self, keys: str) -> Iterator[str]:
        """Keys as the conversation gets them: one by one at a menu, a whole string where digits are asked."""
        while keys:
            if isinstance(self._last, Listen) and self._last.keypad == "digits" and keys[0] != "*":
                most = self._last.length or len(keys)
                digits = re.match(rf"\d{{1,{most}}}#?", keys)
                assert digits, f"{keys!r} where digits are asked"
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


def script_of(path: Path) -> Script:
    return load(path)


def start_of(script: Script) -> datetime:
    assert script.now is not None, f"{script.name}: the clock must be pinned by `now`"
    return script.now.astimezone(ZONE)


def told(played: Played) -> dict[str, Any]:
    """For a failing test: everything that was said."""
    return {"problems": played.problems, "call": "\n".join(played.said)}
