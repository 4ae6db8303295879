"""An agent's telephone that rings for a call: what it hears, what was answered, how its leg stands."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from booking.desk import answers, refusals
from booking.desk.changes import presence_of
from booking.desk.retrying import in_turn
from booking.desk.tickets import Ticket, read_ticket
from booking.desk.whisper import whisper
from booking.errors import Conflict, NotAllowed, NotFound
from ivr.bridge import BridgeFailed, LegEvent, Seat
from ivr.desk.broken import Broken
from ivr.desk.legs import leg_is, room_of
from ivr.desk.listening import Listening
from ivr.desk.ringing import Ringing
from ivr.desk.sentences import whisper_sentences
from ivr.desk.switchroom import Switchroom
from ivr.editions import of_conversation
from prompts.sentence import Sentence

log = logging.getLogger(__name__)


class Offers:
    """Thread-safe; everything is in the store."""

    def __init__(self, switchroom: Switchroom, ringing: Ringing, listening: Listening, broken: Broken) -> None:
        self._switchroom, self._ringing, self._listening, self._broken = switchroom, ringing, listening, broken
        self._helpline = switchroom.helpline

    def whisper(self, ticket: str) -> tuple[Sentence, ...]:
        """What the agent hears before the question, in the agent's language. Raises NotFound, StoreError."""
        with self._helpline.store.read() as session:
            offer = read_ticket(session, ticket)
            languages = presence_of(session, offer.agent).languages
            facts = whisper(session, offer.handoff)
            edition = of_conversation(self._helpline, session, offer.handoff.conversation_id)
        return whisper_sentences(edition, facts, (languages or ["hi"])[0])

    def answered(self, ticket: str, leg: str, accepted: bool) -> Seat | None:
        """The agent accepted, or did not; where the leg goes."""
        if not accepted:
            self._ringing.unanswered(ticket, there=True)
            return None
        try:
            offer, legs = self._accepted(ticket, leg)
        except (Conflict, NotAllowed, NotFound) as over:
            log.info("a call was accepted too late: %s", over)
            return None
        self._switchroom.hang_up(one for one in legs if one != leg)
        if not offer.invited:
            self._switchroom.hands.submit(self._bring, offer.handoff.id, offer.handoff.call_sid or "", leg)
        self._listening.anew(offer.handoff.id)
        return Seat(room_of(offer.handoff.id))

    def leg(self, event: LegEvent) -> None:
        """How the leg stands. Raises NotFound, StoreError."""
        if event.state == "ended":
            self._broken.leg(event)
            if event.why == "busy" and not event.rang:
                self._ringing.occupied(event.ticket, event.leg)
            elif event.why != "":
                self._ringing.unanswered(event.ticket, there=event.why in ("busy", "completed"))
            return
        in_turn(self._helpline.store, lambda session: self._rings(session, event))

    def _rings(self, session: Session, event: LegEvent) -> None:
        offer = read_ticket(session, event.ticket)
        if not offer.stands or not leg_is(session, offer.agent, offer.handoff.id, event.leg):
            return
        if event.state == "answered" and presence_of(session, offer.agent).phone:
            # The whisper is heard: the time to answer begins anew.
            refusals.taken_up(session, self._helpline.clock.now(), offer.handoff.id, offer.agent)

    def _accepted(self, ticket: str, leg: str) -> tuple[Ticket, list[str]]:
        now = self._helpline.clock.now()
        handoff = self._offer(ticket).handoff.id

        def taken(session: Session) -> Ticket:
            offer = read_ticket(session, ticket)
            if offer.invited:
                answers.join(session, now, handoff, offer.agent)
            else:
                answers.accept(session, now, handoff, offer.agent)
            leg_is(session, offer.agent, handoff, leg)
            return offer

        return self._switchroom.changed(handoff, taken)

    def _bring(self, handoff: int, call: str, leg: str) -> None:
        """Bring the caller to the agent; where the carrier cannot, the agent's leg is hung up, and `Broken` sees to the
        caller."""
        try:
            self._switchroom.surely(lambda bridge: bridge.join(call, room_of(handoff)))
        except BridgeFailed as failed:
            log.warning("handoff %s: the caller cannot be brought to the agent: %s", handoff, failed)
            if failed.permanent:
                self._broken.gone(handoff)
            self._switchroom.hang_up([leg])

    def _offer(self, ticket: str) -> Ticket:
        with self._helpline.store.read() as session:
            return read_ticket(session, ticket)
