"""Calls back from the work list: the agent's telephone rings first, then the citizen's, and both come into a room."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from booking import calls
from booking.actors import CALLER
from booking.desk import endings, line, outgoing
from booking.desk.changes import OPEN, load, note, presence_of
from booking.desk.changes import agent as actor
from booking.errors import Conflict, NotAllowed
from ivr.bridge import BridgeFailed, LegEvent, Ring, Seat
from ivr.desk.legs import leg_is, room_of
from ivr.desk.switchroom import Switchroom
from models.queue import Handoff

AGENT, CITIZEN = "back-agent-", "back-citizen-"  # what the tickets of the two legs begin with
TICKETS = (AGENT, CITIZEN)
RING_S = 30  # how long the citizen's telephone rings; longer than an agent's, it may lie in the other room
log = logging.getLogger(__name__)


class Outgoing:
    """Thread-safe; everything is in the store."""

    def __init__(self, switchroom: Switchroom) -> None:
        self._switchroom = switchroom
        self._store, self._clock = switchroom.helpline.store, switchroom.helpline.clock

    def begin(self, agent: str, task: int) -> int:
        """Ring the agent for a call back; the handoff. Raises NotAllowed, NotFound, Conflict, BridgeFailed (nothing is
        left of it then)."""
        with self._store.begin() as session:
            row = outgoing.begin(session, self._clock.now(), task, agent)
            row.room = room_of(row.id)
            phone, handoff = presence_of(session, agent).phone, row.id
        ring = Ring(f"{AGENT}{handoff}", phone or self._switchroom.browser(agent), self._switchroom.ring_s, asks=False)
        try:
            leg = self._switchroom.bridge().ring(ring)
        except BridgeFailed:
            self._given_up(handoff)
            raise
        self._rings(agent, handoff, leg)
        return handoff

    def answered(self, ticket: str, leg: str, accepted: bool) -> Seat | None:
        """The agent, or then the citizen, has taken the receiver up."""
        handoff = _handoff(ticket)
        try:
            with self._store.begin() as session:
                found = self._taken_up(session, handoff, ticket, leg) if accepted else False
        except (NotAllowed, Conflict) as over:
            log.info("a call back was answered too late: %s", over)
            return None
        if found and ticket.startswith(AGENT):
            self._switchroom.hands.submit(self._ring_citizen, handoff)
        return Seat(room_of(handoff), ends=ticket.startswith(CITIZEN)) if found else None

    def leg(self, event: LegEvent) -> None:
        """A leg that ends mostly ends the call: put down by either side, or never taken up."""
        if event.state != "ended":
            return
        handoff = _handoff(event.ticket)
        if event.ticket.startswith(CITIZEN):
            self._switchroom.change(handoff, lambda session: self._citizen_left(session, handoff, event))
            return
        row = self._switchroom.change(handoff, lambda session: self._agent_left(session, handoff, event.leg))
        if row.state not in OPEN:
            self._switchroom.hang_up(filter(None, [row.call_sid or row.summary.get("leg")]))

    def _agent_left(self, session: Session, handoff: int, leg: str) -> Handoff:
        """Nothing, where the call is another agent's by now."""
        row = load(session, handoff)
        his = row.state == "talking" and presence_of(session, row.agent or "").leg == leg
        return endings.hung_up(session, self._clock.now(), handoff, actor(row.agent or "")) if his else row

    def _citizen_left(self, session: Session, handoff: int, event: LegEvent) -> None:
        row, now = load(session, handoff), self._clock.now()
        if row.call_sid is None:
            note(session, now, row, CALLER, outgoing.NOT_REACHED, {"why": event.why})
        else:
            calls.closed(session, now, event.leg, event.why, event.seconds)
        if row.state == "talking":
            endings.hung_up(session, now, handoff)
        elif row.state in OPEN:  # waits for another agent by now
            line.dropped(session, now, handoff)

    def _taken_up(self, session: Session, handoff: int, ticket: str, leg: str) -> bool:
        row = load(session, handoff)
        if ticket.startswith(AGENT):
            return row.state == "talking" and leg_is(session, row.agent or "", handoff, leg)
        now = self._clock.now()
        outgoing.reached(session, now, handoff, leg)
        call = calls.opened(
            session, now, calls.Opening(leg, row.caller, self._switchroom.helpline.settings.brand.helpline)
        )
        call.conversation_id = row.conversation_id
        return True

    def _rings(self, agent: str, handoff: int, leg: str) -> None:
        with self._store.begin() as session:
            wanted = leg_is(session, agent, handoff, leg)
        if not wanted:
            self._switchroom.hang_up([leg])

    def _ring_citizen(self, handoff: int) -> None:
        """Ring the citizen, unless the agent has put the receiver down meanwhile."""
        with self._store.read() as session:
            row = load(session, handoff)
        if row.state != "talking" or row.summary.get("leg"):
            return
        ring = Ring(f"{CITIZEN}{handoff}", row.caller or "", RING_S, asks=False)
        try:
            leg = self._switchroom.surely(lambda bridge: bridge.ring(ring))
        except BridgeFailed as failed:
            log.warning("handoff %s: the citizen cannot be called: %s", handoff, failed)
            self._given_up(handoff)
            return
        with self._store.begin() as session:
            row = load(session, handoff)
            row.summary = {**row.summary, "leg": leg}
            over = row.state not in OPEN
        if over:
            self._switchroom.hang_up([leg])

    def _given_up(self, handoff: int) -> None:
        """Nobody could be rung: over, with the work after it."""

        def over(session: Session) -> Handoff:
            row = load(session, handoff)
            note(session, self._clock.now(), row, actor(row.agent or ""), outgoing.NOT_REACHED, {"why": "failed"})
            return endings.hung_up(session, self._clock.now(), handoff)

        self._switchroom.change(handoff, over)


def _handoff(ticket: str) -> int:
    return int(ticket.rpartition("-")[2])
