"""Callers who wait for an agent: what each hears in every round, and what the keys do.

Nothing is kept here: the next webhook of a call may come to another process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking import conversations
from booking.actors import CALLER
from booking.conversations import Line
from booking.desk import callback, waits
from booking.desk.endings import return_to_bot
from booking.desk.retrying import in_turn
from booking.desk.rules import DeskRules
from booking.desk.whisper import whisper
from booking.errors import NotAllowed, SlotTaken
from ivr.bridge import Step
from ivr.conversation import Conversation
from ivr.desk.announcing import Announcing
from ivr.desk.asked import Asked, pressed
from ivr.desk.overload import REASON
from ivr.desk.sentences import goodbye, said
from ivr.editions import of_conversation
from ivr.helpline import Helpline
from models.queue import Handoff, HandoffEvent

# What has happened since the caller last heard of us, and what is said of it.
NEWS = {"came_back": "desk.kept", "transferred": "desk.passed_on", "lost": "desk.lost"}
ALONE = ("desk.passed_on", "desk.lost")  # the place is told in the next round: there is enough to take in
AGAIN = 1  # a question that is not answered is asked once more, a round of music later
HELP = "help"  # where a caller goes who had not been asked anything
Act = Callable[[Session, Handoff, Asked], tuple[Asked | None, Step | None]]


class Waiting:
    """What the carrier does next with a caller who waits. Methods block; raise StoreError, Conflict.

    They change the line themselves (a promised call back, back to the bot): whoever calls them looks at the line
    afterwards, and at the telephone that was ringing for this caller.
    """

    def __init__(self, helpline: Helpline, rules: DeskRules, has_room: Callable[[], bool] = lambda: True) -> None:
        self._helpline, self._rules, self._has_room = helpline, rules, has_room
        self._hours = helpline.operations.hours

    def round(self, call: str) -> Step:
        """The next round: place and wait, the keys every second time, and before that what has happened."""
        return self._step(call, self._round)

    def keyed(self, call: str, keys: str) -> Step:
        """The caller pressed keys."""
        return self._step(call, lambda session, row, asked: self._keyed(session, row, asked, keys))

    def left(self, call: str) -> Step:
        """The caller is out of a room: waits again, goes back to the bot, or hears a goodbye."""
        return self.round(call)

    # -- one webhook --------------------------------------------------------------------------------------------------

    def _step(self, call: str, act: Act) -> Step:
        def deed(session: Session) -> Step | Handoff | None:
            row = _latest(session, call)
            if row is None or row.state not in ("waiting", "offered"):
                return row
            asked, step = act(session, row, Asked.from_json(row.asked))
            if asked is not None:
                this = update(Handoff).where(Handoff.id == row.id).values(asked=asked.to_json())
                session.execute(this.execution_options(synchronize_session=False))
            return step or row

        try:
            found = in_turn(self._helpline.store, deed)
        except NotAllowed:  # an agent accepted in this very moment
            return Step("wait")
        return found if isinstance(found, Step) else self._over(found)

    def _over(self, row: Handoff | None) -> Step:
        """The caller does not wait (any more)."""
        if row is None:
            return Step("end", said(self._helpline, "hi", "trouble.call_later"))
        if row.state == "talking":
            return Step("wait")
        if row.state != "returned":
            with self._helpline.store.read() as session:
                return Step("end", goodbye(of_conversation(self._helpline, session, row.conversation_id), row.language))
        talk = Conversation(self._helpline, row.conversation_id)
        if talk.state.ended:  # not an agent's doing, who has given it back to a question already
            talk.given_back(self._known(row.returned_to))
        return Step("bot")

    # -- rounds -------------------------------------------------------------------------------------------------------

    def _round(self, session: Session, row: Handoff, asked: Asked) -> tuple[Asked, Step]:
        news, last = _news(session, row, asked)
        if last > asked.told:
            asked = Asked(told=last)
        if news and news[0] in ALONE:
            return asked, Step("wait", self._speak(session, row).say(*news))
        if asked.question and asked.silent < AGAIN:
            asked = replace(asked, silent=asked.silent + 1)
            return asked, self._ask(self._speak(session, row), asked)
        place = waits.place(session, self._now(), self._rules, row)
        if place.wait_s == 0 and not (asked.rounds or news):
            return asked, Step("wait")  # an agent is being rung: whatever is said now is cut off in the middle
        asked = replace(asked.closed(), rounds=asked.rounds + 1)
        speak, first = self._speak(session, row), asked.rounds == 1
        long_s, keys = self._rules.long_wait_s if first else None, asked.rounds % 2 == 1
        where = speak.place(place, keys=keys, long_s=long_s, bot=self._bot(row))
        return asked, Step("wait", (*speak.say(*news), *where))

    def _bot(self, row: Handoff) -> bool:
        """Whether the caller may go to the bot: one for whom it had no room, only when it has now."""
        return row.reason != REASON or self._has_room()

    # -- keys ---------------------------------------------------------------------------------------------------------

    def _keyed(self, session: Session, row: Handoff, asked: Asked, keys: str) -> tuple[Asked | None, Step | None]:
        asked, did = pressed(asked, keys, row.caller or "")
        line = Line("caller", "keyed", keys, None, {"waiting": did})
        conversations.add_turns(session, self._now(), row.conversation_id, [line])
        speak = self._speak(session, row)
        if did == "bot" and not self._bot(row):
            return asked, Step("wait", speak.say("busy.sorry", "desk.staying"))
        if did == "bot":
            return_to_bot(session, self._now(), row.id, CALLER, self._question(session, row))
            return None, None
        if did == "chosen":
            return self._promise(session, row, asked, speak)
        if did == "stay":
            return asked, Step("wait", speak.say("desk.staying"))
        if asked.question == "slot" and not asked.slots:
            return self._offer(session, row, asked, speak)
        if not asked.question:
            place = waits.place(session, self._now(), self._rules, row)
            return asked, Step("wait", speak.place(place, keys=True, bot=self._bot(row)))
        sorry = {"wrong": ("keys.sorry",), "no_number": ("call_back.wrong",)}.get(did, ())
        return asked, self._ask(speak, asked, *sorry)

    def _question(self, session: Session, row: Handoff) -> str:
        """Where the bot goes on: at the question where it was left, but for what only an agent can do."""
        return self._known(whisper(session, row).stuck if row.reason in ("asked", "ladder") else None)

    def _known(self, node: str | None) -> str:
        return node if node and node in self._helpline.flow.graph.nodes else HELP

    def _speak(self, session: Session, row: Handoff) -> Announcing:
        return Announcing(of_conversation(self._helpline, session, row.conversation_id), row.language)

    @staticmethod
    def _ask(speak: Announcing, asked: Asked, *before: str) -> Step:
        return Step("wait", (*speak.say(*before), *speak.question(asked)), asked.keys)

    def _offer(
        self, session: Session, row: Handoff, asked: Asked, speak: Announcing, *before: str
    ) -> tuple[Asked, Step]:
        """Which times there are for a call back."""
        found = callback.slots(session, self._now(), self._rules, self._hours)
        if not found:
            return asked.closed(), Step("wait", speak.say("call_back.full"))
        asked = replace(asked, slots=tuple(at.isoformat() for at in found))
        return asked, self._ask(speak, asked, *before)

    def _promise(
        self, session: Session, row: Handoff, asked: Asked, speak: Announcing
    ) -> tuple[Asked | None, Step | None]:
        at = datetime.fromisoformat(asked.slots[0])
        try:
            due = callback.call_back(session, self._now(), self._rules, self._hours, row.id, (asked.number, at))
        except SlotTaken:
            return self._offer(session, row, replace(asked, slots=()), speak, "call_back.lost")
        ends = due + timedelta(minutes=self._rules.callback_slot_min)
        return None, Step("end", speak.promised(due, ends))

    def _now(self) -> datetime:
        return self._helpline.clock.now()


def _latest(session: Session, call: str) -> Handoff | None:
    """The handoff of a call, also one that is over."""
    mine = select(Handoff).where(Handoff.call_sid == call).order_by(Handoff.id.desc()).limit(1)
    return session.scalars(mine.execution_options(populate_existing=True)).one_or_none()


def _news(session: Session, row: Handoff, asked: Asked) -> tuple[tuple[str, ...], int]:
    """What is to be told of what has happened since, and the last event."""
    since = (HandoffEvent.handoff_id == row.id) & (HandoffEvent.id > asked.told) & HandoffEvent.what.in_(NEWS)
    last = session.execute(
        select(HandoffEvent.id, HandoffEvent.what).where(since).order_by(HandoffEvent.id.desc()).limit(1)
    ).one_or_none()
    return ((NEWS[last.what],), last.id) if last else ((), asked.told)
