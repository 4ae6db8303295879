"""Makes one scripted call and reports what came of it, as the store has it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking import conversations
from booking.errors import NotFound
from booking.export import plain
from ivr.carriers.exchange.caller import Caller, Means
from ivr.carriers.exchange.phone import Phone
from ivr.commands.call_found import not_found
from ivr.commands.call_setup import arrange
from ivr.script import Script, unmet
from ivr.speech.speak import Speaker
from models.bookings import Booking
from models.callbacks import Callback
from models.calls import Call
from models.store import Store
from prompts.sentence import Sentence


@dataclass(frozen=True)
class Way:
    """How to call: the server's address (ws://host:port), the number to dial, the server's store, a voice for the
    caller, the script's folder, and the speed of the server's clock."""

    url: str
    number: str
    store: Store
    speaker: Speaker
    folder: Path
    speed: float


@dataclass(frozen=True)
class Said:
    """One turn: `at_s` seconds after the conversation began."""

    at_s: float
    who: str
    kind: str
    text: str
    node: str | None


@dataclass(frozen=True)
class Report:
    """What came of a call."""

    call: str
    conversation: str
    reason: str
    outcome: str | None
    turns: tuple[Said, ...]
    bookings: tuple[dict[str, Any], ...]
    messages: tuple[str, ...]
    problems: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


async def make(way: Way, script: Script, caller: str) -> Report:
    """Call, follow the script, hang up. Raises OSError, CallRefusedError, SpeechUnavailable."""

    async def voice(text: str, language: str) -> bytes:
        return await way.speaker.audio(Sentence(text, language))

    async def heard() -> Sequence[str]:
        return await asyncio.to_thread(_bot_said, way.store, phone)

    async def situations(wanted: Mapping[str, Any]) -> None:
        await asyncio.to_thread(arrange, way.store, wanted)

    phone = await Phone.dial(way.url, way.number, caller, agent=script.agent)
    async with phone:
        scripted = Caller(phone, script, Means(voice, heard, way.folder, way.speed, situations))
        await scripted.run()
    return await asyncio.to_thread(_report, way.store, phone, script, scripted.problems)


def _bot_said(store: Store, phone: Phone) -> list[str]:
    with store.read() as session:
        return [turn.text for turn in conversations.turns(session, _conversation(session, phone)) if turn.who == "bot"]


def _conversation(session: Session, phone: Phone) -> str:
    """The conversation of the call: the exchange knows it from the stream; a keypad-only call has none."""
    call = session.get(Call, phone.call)
    return phone.conversation or (call.conversation_id if call else None) or ""


def _report(store: Store, phone: Phone, script: Script, problems: list[str]) -> Report:
    with store.read() as session:
        id = _conversation(session, phone)
        try:
            row = conversations.load(session, id)
        except NotFound:
            return Report(phone.call, id, phone.reason, None, (), (), (), (*problems, _STRANGE))
        outcome = row.outcome
        turns = tuple(
            Said(round((turn.at - row.started_at).total_seconds(), 1), turn.who, turn.kind, turn.text, turn.node)
            for turn in conversations.turns(session, id)
        )
        bookings = _bookings(session, id)
        callbacks = len(session.scalars(select(Callback.id).where(Callback.conversation_id == id)).all())
        problems = [*problems, *not_found(session, script.expect.found)]
    problems = [*problems, *unmet(script.expect, outcome, bookings, callbacks)]
    texts = tuple(phone.texts)
    return Report(phone.call, id, phone.reason, outcome, turns, tuple(bookings), texts, tuple(problems))


_STRANGE = "the call is not in this store: does the server use another one (DATABASE_URL, MITAN_SERVER__VAR_DIR)?"


def _bookings(session: Session, conversation: str) -> list[dict[str, Any]]:
    found = session.scalars(select(Booking).where(Booking.conversation_id == conversation).order_by(Booking.id))
    return [plain(booking) for booking in found]
