"""Ringing the telephones of agents to whom a call is offered, whichever process has made the offer."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from booking.desk import invitations, refusals
from booking.desk.changes import presence_of
from booking.desk.retrying import in_turn
from booking.desk.tickets import read_ticket, ticket_for
from booking.errors import Conflict, NotAllowed, NotFound
from ivr.bridge import BridgeFailed, Ring
from ivr.desk.legs import claimed, leg_is, unclaimed, unrung
from ivr.desk.switchroom import Switchroom

AGAIN = timedelta(seconds=6)  # after which a process that set about ringing is taken to be dead
OCCUPIED = timedelta(seconds=2)  # an agent's last call is over by then; who is in another one talks of something else
OCCUPIED_PAUSE_S, OCCUPIED_LOOKS = 0.3, 5  # its leg may be known a little later than its end
log = logging.getLogger(__name__)


class Ringing:
    """Rings whoever is offered a call and has not been rung: of several processes one does. Thread-safe."""

    def __init__(self, switchroom: Switchroom) -> None:
        self._switchroom = switchroom
        self._store, self._clock = switchroom.helpline.store, switchroom.helpline.clock

    def all(self) -> None:
        """Ring all whom nobody has rung, each in a thread of its own. Raises StoreError."""
        with self._store.read() as session:
            due = unrung(session, self._clock.now() - AGAIN)
        for agent, handoff in due:
            ring = self._claim(agent, handoff)
            if ring is not None:
                self._switchroom.hands.submit(self._ring, ring, agent, handoff)

    def _claim(self, agent: str, handoff: int) -> Ring | None:
        """The telephone to ring; None: another process rings it, or the offer is over."""
        now = self._clock.now()
        try:
            with self._store.begin() as session:
                if not claimed(session, now, agent, now - AGAIN):
                    return None
                phone, ticket = presence_of(session, agent).phone, ticket_for(session, handoff, agent)
        except NotFound:  # offered something else in this moment
            return None
        to = phone or self._switchroom.browser(agent)
        return Ring(ticket, to, self._switchroom.ring_s, asks=bool(phone))

    def _ring(self, ring: Ring, agent: str, handoff: int) -> None:
        try:
            self._rung(ring, agent, handoff)
        except BridgeFailed as failed:
            log.warning("agent %s cannot be rung: %s", agent, failed)
            self.unanswered(ring.ticket, there=not failed.permanent)
        except Exception:  # the offer lapses
            log.exception("agent %s: ringing failed", agent)

    def _rung(self, ring: Ring, agent: str, handoff: int) -> None:
        bridge = self._switchroom.bridge()
        try:
            leg = bridge.ring(ring)
        except BridgeFailed as failed:
            if failed.permanent:
                raise
            leg = bridge.ring(ring)
        with self._store.begin() as session:
            wanted = read_ticket(session, ring.ticket).stands or _talks(session, agent, handoff)
            wanted = wanted and leg_is(session, agent, handoff, leg)
        if not wanted:
            bridge.hang_up(leg)

    def occupied(self, ticket: str, leg: str) -> None:
        """The telephone is in another call, and did not ring: mostly that of a moment ago, which is just being ended.
        It is rung again soon, a few times; then it counts as not taken."""
        self._switchroom.hands.submit(self._again, ticket, leg)

    def _again(self, ticket: str, leg: str) -> None:
        try:
            if not self._rung_again(ticket, leg):
                self.unanswered(ticket, there=True)
        except Exception:  # the offer lapses
            log.exception("an agent whose telephone was in another call could not be rung again")

    def _rung_again(self, ticket: str, leg: str) -> bool:
        for _ in range(OCCUPIED_LOOKS):
            self._switchroom.pause(OCCUPIED_PAUSE_S)
            with self._store.begin() as session:
                offer = read_ticket(session, ticket)
                old = offer.handoff.offered_at is None or offer.handoff.offered_at < self._clock.now() - OCCUPIED
                if not offer.stands or offer.invited or old:
                    return False
                again = unclaimed(session, offer.agent, offer.handoff.id, leg)
            if again:
                self._switchroom.kick()
                return True
        return False

    def unanswered(self, ticket: str, *, there: bool) -> None:
        """The telephone was not answered. `there`: the agent is at it, and has refused or could not be reached by our
        fault; else he is on a break from now on. Nothing when the offer is over."""
        now = self._clock.now()

        def told(session: Session) -> None:
            offer = read_ticket(session, ticket)
            if not offer.stands:
                return
            if offer.invited:
                invitations.decline(session, now, offer.handoff.id, offer.agent, answered=there)
            elif there:
                refusals.refuse(session, now, offer.handoff.id, offer.agent)
            else:
                refusals.no_answer(session, now, offer.handoff.id, offer.agent)

        try:
            in_turn(self._store, told)
        except (Conflict, NotAllowed, NotFound) as over:
            log.info("an offer was over when its telephone was not answered: %s", over)
        self._switchroom.kick()


def _talks(session: Session, agent: str, handoff: int) -> bool:
    presence = presence_of(session, agent)
    return presence.state == "talking" and presence.handoff_id == handoff
