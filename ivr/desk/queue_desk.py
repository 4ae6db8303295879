"""The agents' queue, as a carrier asks it: `ivr.bridge.Desk` over the line in the store."""

from __future__ import annotations

import logging
from collections.abc import Callable
from math import ceil
from typing import Protocol

from sqlalchemy.orm import Session

from booking.desk import endings, line
from booking.errors import Conflict, NotAllowed
from ivr.bridge import LegEvent, RoomEvent, Seat, Step
from ivr.desk.broken import Broken
from ivr.desk.entering import call_of, entered, returned
from ivr.desk.legs import legs_of, room_of
from ivr.desk.listening import TICKET, Listening
from ivr.desk.offers import Offers
from ivr.desk.outgoing import TICKETS, Outgoing
from ivr.desk.overload import TooLong, handed_over
from ivr.desk.switchroom import Switchroom
from ivr.observe.observer import Observer, Stepped
from models.queue import Handoff
from models.store import StoreError
from prompts.sentence import Sentence

STORE_AGAIN_S = 2.0
log = logging.getLogger(__name__)


class Rounds(Protocol):
    """What a waiting caller hears and may key (`ivr.desk.waiting`)."""

    def round(self, call: str) -> Step:
        """The next round."""

    def keyed(self, call: str, keys: str) -> Step:
        """The caller pressed keys."""

    def left(self, call: str) -> Step:
        """The caller's part in a room is over."""


class QueueDesk(Observer):
    """The queue of all processes on one store. As an observer of conversations it gives the place in the line at the
    moment of the decision: an agent's telephone rings while the bot still says that it connects."""

    def __init__(
        self, switchroom: Switchroom, rounds: Rounds, offers: Offers, listening: Listening, broken: Broken
    ) -> None:
        self._switchroom, self._rounds = switchroom, rounds
        self._offers, self._listening, self._broken = offers, listening, broken
        self._outgoing = Outgoing(switchroom)
        self._store, self._clock, self._rules = switchroom.helpline.store, switchroom.helpline.clock, switchroom.rules

    # -- callers ------------------------------------------------------------------------------------------------------

    def stepped(self, conversation: str, stepped: Stepped) -> None:
        """A conversation was handed over: its call gets a place in the line. Does nothing for one without a call."""
        if stepped.after.ended != "handoff" or stepped.before.ended == "handoff":
            return
        try:
            with self._store.read() as session:
                call = call_of(session, conversation)
            if call is not None:
                self.takes(call.sid)
        except Exception:  # the webhook that follows tries again
            log.exception("conversation %s: no place in the line yet", conversation)

    def takes(self, call: str) -> bool:
        """Whether a call whose conversation was handed over waits here."""
        return self._has_place(call, lambda s: entered(s, self._clock.now(), self._rules, call))

    def returns(self, call: str) -> bool:
        """Whether a new call goes straight back to the place that it has kept in the line."""
        return self._has_place(call, lambda s: returned(s, self._clock.now(), self._rules, call))

    def overloaded(self, call: str) -> tuple[Sentence, ...] | None:
        """What a call hears that waits here because the bot has no room; None: nobody would answer it soon."""
        said: list[Sentence] = []

        def given(session: Session) -> Handoff | None:
            found = handed_over(session, self._clock.now(), self._rules, self._switchroom.helpline, call)
            said.extend(found[1] if found else ())
            return found[0] if found else None

        return tuple(said) if self._has_place(call, given) else None

    def waiting(self, call: str) -> Step:
        """The next round of waiting."""
        with self._store.read() as session:
            row = line.of_call(session, call)
        if row is not None and row.state == "talking":  # accepted while this was asked; or the carrier forgot
            room = room_of(row.id)
            self._switchroom.carry(lambda bridge: bridge.join(call, room))
            return Step("wait")
        return self._rounds.round(call)

    def keyed(self, call: str, keys: str) -> Step:
        """The waiting caller pressed keys."""
        return self._looked_after(call, lambda: self._rounds.keyed(call, keys))

    def left(self, call: str) -> Step:
        """The caller's part in a room is over, and the call is still up."""
        with self._store.read() as session:
            row = line.of_call(session, call)
        if row is not None and row.state == "talking":
            self._broken.call(row.id)
        return self._rounds.left(call)

    def hung_up(self, call: str) -> None:
        """The call is over: a caller who waited keeps the place for a while, one who talked is done. A carrier tells it
        once, so that a store which is away is waited for."""
        try:
            self._hung_up(call)
        except (StoreError, Conflict):
            log.warning("call %s: that it is over is not stored yet", call)
            self._switchroom.hands.submit(self._hung_up_later, call)

    def _hung_up_later(self, call: str) -> None:
        patience_s = self._switchroom.helpline.settings.limits.store_down_s
        for _ in range(ceil(patience_s / STORE_AGAIN_S)):
            self._switchroom.pause(STORE_AGAIN_S)
            if self._switchroom.closing.is_set():
                break
            try:
                self._hung_up(call)
            except (StoreError, Conflict):
                continue
            return
        log.error("call %s: that it is over could not be stored", call)

    def _hung_up(self, call: str) -> None:
        def over(session: Session) -> Handoff | None:
            row = line.of_call(session, call)
            if row is None or row.id != handoff:
                return None
            if row.state == "talking":
                return endings.hung_up(session, self._clock.now(), handoff)
            return line.dropped(session, self._clock.now(), handoff)

        with self._store.read() as session:
            row = line.of_call(session, call)
        if row is not None:
            handoff = row.id
            self._switchroom.change(handoff, over)

    # -- agents -------------------------------------------------------------------------------------------------------

    def whisper(self, ticket: str) -> tuple[Sentence, ...]:
        """What the agent hears before the question."""
        return self._offers.whisper(ticket)

    def answered(self, ticket: str, leg: str, accepted: bool) -> Seat | None:
        """The agent accepted, or did not; where the leg goes."""
        return self._ringer(ticket).answered(ticket, leg, accepted)

    def leg(self, event: LegEvent) -> None:
        """How a leg stands."""
        self._ringer(event.ticket).leg(event)

    def _ringer(self, ticket: str) -> Offers | Listening | Outgoing:
        """Whose telephone rang."""
        if ticket.startswith(TICKETS):
            return self._outgoing
        return self._listening if ticket.startswith(TICKET) else self._offers

    def room(self, event: RoomEvent) -> None:
        """What happened in a room: legs and calls tell all that the queue has to know."""
        log.debug("room %s: %s %s", event.room, event.kind, event.call)

    # -- what these have in common ------------------------------------------------------------------------------------

    def _has_place(self, call: str, given: Callable[[Session], Handoff | None]) -> bool:
        """A store that fails must lose nobody: the agents' number is dialled then, or the bot answers."""
        try:
            with self._store.begin() as session:
                row = given(session)
        except (Conflict, NotAllowed, TooLong) as error:
            log.warning("call %s: no place in the line: %s", call, error or type(error).__name__)
            return False
        except Exception:
            log.exception("call %s: no place in the line", call)
            return False
        if row is not None:
            self._switchroom.kick()
        return row is not None

    def _looked_after(self, call: str, deed: Callable[[], Step]) -> Step:
        """Do what the caller wants; a telephone that was ringing for a caller who waits no more is hung up."""
        with self._store.read() as session:
            row = line.of_call(session, call)
            before = legs_of(session, row.id) if row else {}
        step = deed()
        if row is not None and before:
            with self._store.read() as session:
                after = legs_of(session, row.id)
            self._switchroom.hang_up(leg for leg in before.values() if leg not in after.values())
        self._switchroom.kick()
        return step
