"""Callers whose conversation was handed over and who wait in the line, on either store, under a clock that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from booking import calls, conversations
from booking.desk.answers import accept
from booking.desk.dispatch import dispatch
from booking.desk.line import Entry, enter
from booking.desk.presence import Post, come, ready
from booking.desk.rules import DeskRules
from dialogs.state import State
from dialogs.understand import Hearing
from ivr.bridge import Step
from ivr.conversation import Conversation
from ivr.desk.waiting import Waiting
from ivr.helpline import Helpline
from models.callbacks import Callback
from models.queue import Handoff, HandoffEvent
from tests.calls.player import PinnedClock

NOW = datetime.fromisoformat("2026-11-23T12:07+05:30")  # a Monday
CALLER = "+919826401715"
RULES = DeskRules()


@dataclass
class Hall:
    """The line of one helpline."""

    helpline: Helpline
    clock: PinnedClock

    @property
    def waiting(self) -> Waiting:
        """A process of its own each time: nothing can be remembered outside the store."""
        return Waiting(self.helpline, RULES)

    def arrives(self, call: str, *words: str, caller: str | None = CALLER, **entry: Any) -> Handoff:
        """A caller who says these words to the bot, is handed over, and stands in the line."""
        now = self.clock.now()
        with self.helpline.store.begin() as session:
            row = calls.opened(session, now, calls.Opening(call, caller, "14545"))
            row.conversation_id = conversations.start(session, now, "phone", caller)
        talk = Conversation(self.helpline, row.conversation_id or "")
        talk.begin()
        for text in words:
            talk.heard([Hearing(text, 1.0, "en" if text.isascii() else "hi")])
        talk.keyed("0")
        assert talk.state.ended == "handoff"
        values: dict[str, Any] = {"call_sid": call, "caller": caller, "language": talk.state.language, **entry}
        with self.helpline.store.begin() as session:
            return enter(session, now, RULES, Entry(talk.id, **values))

    def hears(self, step: Step) -> str:
        """The words of a step."""
        return " ".join(sentence.text for sentence in step.say)

    def round(self, call: str) -> str:
        """What is heard in the next round; who is asked for it waits."""
        step = self.waiting.round(call)
        assert step.way == "wait"
        return self.hears(step)

    def key(self, call: str, keys: str) -> str:
        """What is heard after keys of one who goes on waiting."""
        step = self.waiting.keyed(call, keys)
        assert step.way == "wait"
        return self.hears(step)

    def agent(self, name: str = "a1", *, talking: bool = False) -> None:
        """An agent on shift; `talking` with whoever is first in line."""
        with self.helpline.store.begin() as session:
            come(session, self.clock.now(), name, Post())
            ready(session, self.clock.now(), name)
        if talking:
            self.offered(name)

    def offered(self, name: str = "a1") -> int:
        """The first in line is offered to the agent, who takes the call."""
        offer = next(one for one in dispatch(self.helpline.store, self.clock.now(), RULES) if one.agent == name)
        self.does(accept, offer.handoff, name)
        return offer.handoff

    def does(self, deed: Any, *args: Any) -> Any:
        """`deed(session, now, …)` of the desk."""
        with self.helpline.store.begin() as session:
            return deed(session, self.clock.now(), *args)

    def row(self, handoff: int) -> Handoff:
        """The handoff as it stands."""
        with self.helpline.store.read() as session:
            return session.get_one(Handoff, handoff)

    def talk(self, row: Handoff) -> State:
        """The state of the conversation."""
        with self.helpline.store.read() as session:
            return State.from_json(conversations.load(session, row.conversation_id).state)

    def promises(self) -> list[Callback]:
        """The calls back that were promised."""
        with self.helpline.store.read() as session:
            return list(session.scalars(select(Callback)))

    def happened(self, handoff: int) -> list[str]:
        """What happened to a handoff, in order."""
        with self.helpline.store.read() as session:
            events = select(HandoffEvent.what).where(HandoffEvent.handoff_id == handoff)
            return list(session.scalars(events.order_by(HandoffEvent.id)))
