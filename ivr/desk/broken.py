"""An agent's line that ends in the middle of a talk: put down, broken, or because the caller has gone."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from booking.desk import answers, endings, line
from booking.desk.changes import agent as actor
from booking.desk.changes import load, note, presence_of
from booking.desk.tickets import read_ticket
from booking.errors import Conflict, NotAllowed, NotFound
from ivr.bridge import BridgeFailed, LegEvent
from ivr.desk.legs import room_of
from ivr.desk.listening import Listening
from ivr.desk.switchroom import Switchroom
from models.calls import Call
from models.queue import Handoff

LOOKS, PAUSE_S = 3, 0.7  # whether the caller is still there: the report of a hang-up may come after that of the leg
log = logging.getLogger(__name__)


class Broken:
    """Decides what becomes of the caller when an agent's leg has ended, in a thread beside."""

    def __init__(self, switchroom: Switchroom, listening: Listening) -> None:
        self._switchroom, self._listening = switchroom, listening
        self._helpline = switchroom.helpline

    def leg(self, event: LegEvent) -> None:
        """The leg of an agent who may have been talking has ended."""
        with self._helpline.store.read() as session:
            offer = read_ticket(session, event.ticket)
            talks = _talks_over(session, offer.handoff.id, offer.agent, event.leg)
        if talks:
            self._switchroom.hands.submit(self._decide, offer.handoff.id, offer.agent, event.leg)

    def call(self, handoff: int) -> None:
        """The caller has come out of the room and nobody has said why: first in line again. Raises StoreError."""
        self._switchroom.change(handoff, lambda session: self._first_again(session, handoff))

    def gone(self, handoff: int) -> None:
        """The caller was gone when an agent accepted, and nobody had told us: the place is kept like any other whose
        line breaks, and the agent is ready again."""

        def vanished(session: Session) -> None:
            row, now = load(session, handoff), self._helpline.clock.now()
            if row.state != "talking":
                return
            by = row.agent or ""
            answers.to_queue(session, now, handoff, by, row.queue)
            endings.wrap_over(session, now, by, handoff)
            line.dropped(session, now, handoff)

        self._switchroom.change(handoff, vanished)

    def _decide(self, handoff: int, agent: str, leg: str) -> None:
        try:
            if not self._caller_went(handoff):
                self._caller_stays(handoff, agent, leg)
        except (Conflict, NotAllowed, NotFound) as over:
            log.info("handoff %s: something else happened when its agent's line ended: %s", handoff, over)
        except Exception:
            log.exception("handoff %s: its agent's line ended, and the caller could not be looked after", handoff)

    def _caller_went(self, handoff: int) -> bool:
        """Whether the caller has hung up: then the report of that ends the talk."""
        for look in range(LOOKS):
            if look:
                self._switchroom.pause(PAUSE_S)
            with self._helpline.store.read() as session:
                row = load(session, handoff)
                call = session.get(Call, row.call_sid or "")
                if row.state != "talking" or call is None or call.ended_at is not None:
                    return True
            if self._in_room(row):
                return False
        return False

    def _in_room(self, row: Handoff) -> bool:
        try:
            members = self._switchroom.bridge().members(room_of(row.id))
        except BridgeFailed:
            return False
        return any(one.call == row.call_sid for one in members)

    def _caller_stays(self, handoff: int, agent: str, leg: str) -> None:
        def decided(session: Session) -> Handoff | None:
            if not _talks_over(session, handoff, agent, leg):
                return None
            row, now = load(session, handoff), self._helpline.clock.now()
            if len(answers.talking_in(session, row)) > 1:
                return answers.part(session, now, handoff, agent)
            if presence_of(session, agent).phone:  # a receiver is put down on purpose, a page may be loaded again
                return endings.hung_up(session, now, handoff, actor(agent))
            return self._first_again(session, handoff)

        row, legs = self._switchroom.changed(handoff, decided)
        call = (row.call_sid if row else None) or ""
        if row is not None and row.state == "done":
            self._switchroom.carry(lambda bridge: bridge.remove(room_of(handoff), call))
        elif row is not None and row.state == "waiting":
            self._switchroom.carry(lambda bridge: bridge.wait(call))
        elif row is not None:
            self._listening.anew(handoff)
        self._switchroom.hang_up(one for one in legs if one != leg)
        self._switchroom.kick()

    def _first_again(self, session: Session, handoff: int) -> Handoff:
        row, now = load(session, handoff), self._helpline.clock.now()
        by = row.agent or ""
        answers.to_queue(session, now, handoff, by, row.queue)
        note(session, now, row, actor(by), "lost")  # the newest event: it is what the caller is told
        return row


def _talks_over(session: Session, handoff: int, agent: str, leg: str) -> bool:
    """Whether this agent talks in this call, and by this leg."""
    presence = presence_of(session, agent)
    return presence.state == "talking" and presence.handoff_id == handoff and presence.leg == leg
