"""Supervisors in a call: they listen, whisper to the agent, or join; their browser telephone rings like an agent's."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.changes import agent as actor
from booking.desk.changes import load, note
from booking.errors import NotAllowed
from ivr.bridge import BridgeFailed, LegEvent, Part, Ring, Seat
from ivr.desk.legs import legs_of, listeners, room_of
from ivr.desk.switchroom import Switchroom
from models.listeners import Listener
from models.queue import Handoff

TICKET = "listener-"


class Listening:
    """The supervisors' way into calls. Thread-safe; everything is in the store."""

    def __init__(self, switchroom: Switchroom) -> None:
        self._switchroom = switchroom
        self._store, self._clock = switchroom.helpline.store, switchroom.helpline.clock

    def begin(self, supervisor: str, handoff: int, part: Part) -> None:
        """Ring the supervisor for a call; one who is in it takes another part. Raises NotAllowed (nobody talks),
        NotFound, BridgeFailed."""
        with self._store.begin() as session:
            one, new = self._listener(session, supervisor, handoff, part)
            seat = _seat(session, one)
        if not new:
            if one.leg:
                self._switchroom.bridge().seat(seat, one.leg)
            return
        ring = Ring(f"{TICKET}{one.id}", self._switchroom.browser(supervisor), self._switchroom.ring_s, asks=False)
        try:
            leg = self._switchroom.bridge().ring(ring)
        except BridgeFailed:
            self._over(one.id)
            raise
        self._leg_is(one.id, leg)

    def end(self, supervisor: str, handoff: int) -> None:
        """The supervisor leaves the call; nothing when he is not in it."""
        with self._store.read() as session:
            mine = [one for one in listeners(session, handoff) if one.supervisor == supervisor]
        for one in mine:
            self._over(one.id)
            if one.leg:
                self._switchroom.hang_up([one.leg])

    def answered(self, ticket: str, leg: str, accepted: bool) -> Seat | None:
        """The supervisor's telephone was taken up: where the leg goes."""
        id = int(ticket.removeprefix(TICKET))
        with self._store.begin() as session:
            one = session.get(Listener, id, populate_existing=True)
            row = load(session, one.handoff_id) if one else None
            if one is None or row is None or one.ended_at is not None or row.state != "talking" or not accepted:
                return None
            one.leg = leg
            return _seat(session, one)

    def leg(self, event: LegEvent) -> None:
        """How the supervisor's leg stands."""
        if event.state == "ended":
            self._over(int(event.ticket.removeprefix(TICKET)))

    def anew(self, handoff: int) -> None:
        """Another agent has the call: who whispers does so to this one."""
        with self._store.read() as session:
            seats = [(_seat(session, one), one.leg) for one in listeners(session, handoff) if one.leg]
        for seat, leg in seats:
            if seat.part == "whisper":
                self._switchroom.carry(lambda bridge, seat=seat, leg=leg: bridge.seat(seat, leg))  # type: ignore[misc]

    def _listener(self, session: Session, supervisor: str, handoff: int, part: Part) -> tuple[Listener, bool]:
        row, now = load(session, handoff), self._clock.now()
        if row.state != "talking":
            raise NotAllowed(f"listening to a call that is {row.state}")
        known = next((one for one in listeners(session, handoff) if one.supervisor == supervisor), None)
        one = known or Listener(handoff_id=handoff, supervisor=supervisor, part=part, since=now)
        one.part = part
        session.add(one)
        note(session, now, row, actor(supervisor), "supervised", {"part": part})
        return one, known is None

    def _leg_is(self, id: int, leg: str) -> None:
        with self._store.begin() as session:
            one = session.get_one(Listener, id, populate_existing=True)
            one.leg = one.leg or leg

    def _over(self, id: int) -> None:
        now = self._clock.now()
        with self._store.begin() as session:
            one = session.get(Listener, id, populate_existing=True)
            if one is not None and one.ended_at is None:
                one.ended_at = now
                note(session, now, load(session, one.handoff_id), actor(one.supervisor), "unsupervised")


def _seat(session: Session, one: Listener) -> Seat:
    agent = session.scalar(select(Handoff.agent).where(Handoff.id == one.handoff_id))
    part: dict[str, Part] = {"listen": "listen", "whisper": "whisper", "join": "join"}
    coached = legs_of(session, one.handoff_id).get(agent or "", "")
    return Seat(room_of(one.handoff_id), part[one.part], coached if one.part == "whisper" else "")
