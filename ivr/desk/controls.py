"""What an agent's page, and a supervisor's, can do with a call. Any process can: everything is in the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from booking.desk import answers, endings, invitations, refusals
from booking.desk.changes import agent as actor
from booking.desk.changes import load, note, presence_of
from booking.desk.outgoing import REASON
from booking.desk.whisper import stuck_at
from booking.errors import NotAllowed, NotFound
from ivr.bridge import Bridge, Part
from ivr.conversation import Conversation
from ivr.desk.facts import Seated, seated
from ivr.desk.legs import legs_of, room_of
from ivr.desk.listening import Listening
from ivr.desk.outgoing import Outgoing
from ivr.desk.switchroom import Switchroom
from ivr.desk.waiting import HELP
from models.queue import Handoff

Deed = Callable[[Bridge], object]


class Controls:
    """Every method blocks. Raises errors of `booking.errors` (NotAllowed: not this agent's call, or not now; NotFound;
    Conflict: try again) and StoreError; only where it says so BridgeFailed: the carrier did not do it.

    `agent`, `second`, `to` and `supervisor` are ids of accounts, `handoff` is the handoff's.
    """

    def __init__(self, switchroom: Switchroom, listening: Listening) -> None:
        self._switchroom, self._listening = switchroom, listening
        self._outgoing = Outgoing(switchroom)
        self._helpline = switchroom.helpline

    def kick(self) -> None:
        """Look at the line now: somebody has become ready, or has gone."""
        self._switchroom.kick()

    def state(self, handoff: int) -> tuple[Seated, ...]:
        """Who is in the call and how; () when it is over. Reads the store only."""
        with self._helpline.store.read() as session:
            return seated(session, handoff)

    def hold(self, agent: str, handoff: int, on: bool) -> None:
        """Let the caller hear music, or come back. Raises BridgeFailed."""
        call = self._inside(agent, handoff).call_sid or ""
        self._switchroom.bridge().hold(room_of(handoff), call, on=on)
        self._noted(agent, handoff, "held" if on else "resumed")

    def mute(self, agent: str, handoff: int, on: bool) -> None:
        """Let the agent himself not be heard, or be heard again. Raises BridgeFailed."""
        self._inside(agent, handoff)
        with self._helpline.store.read() as session:
            leg = legs_of(session, handoff).get(agent, "")
        self._switchroom.bridge().mute(room_of(handoff), leg, on=on)
        self._noted(agent, handoff, "muted" if on else "unmuted")

    def invite(self, agent: str, handoff: int, second: str) -> None:
        """Ring a second agent, who must be ready, to join the call."""
        self._switchroom.change(handoff, lambda s: invitations.invite(s, self._now(), handoff, agent, second))

    def to_agent(self, agent: str, handoff: int, to: str, why: str) -> None:
        """Give the caller to another agent, who must be ready; `why` is for that agent."""
        self._waits_again(handoff, lambda s: answers.to_agent(s, self._now(), handoff, agent, to, why))

    def to_queue(self, agent: str, handoff: int, queue: str, why: str) -> None:
        """Give the caller to a queue (`ivr.desk.entering.QUEUES`), first in line; `why` is for the next agent."""
        self._waits_again(handoff, lambda s: answers.to_queue(s, self._now(), handoff, agent, queue, why))

    def back(self, agent: str, handoff: int, node: str) -> None:
        """Give the caller back to the bot at the question `node` ("": where it had got to)."""
        graph = self._helpline.flow.graph
        if node and node not in graph.nodes:
            raise NotFound(f"question {node}")

        def returned(session: Session) -> tuple[Handoff, str]:
            if load(session, handoff).reason == REASON:
                raise NotAllowed("the bot has not talked with whom an agent has called")
            stuck = stuck_at(session, load(session, handoff).conversation_id)
            question = node or (stuck if stuck in graph.nodes else None) or HELP
            row = endings.return_to_bot(session, self._now(), handoff, actor(agent), question)
            return row, question

        (row, question), legs = self._switchroom.changed(handoff, returned)
        Conversation(self._helpline, row.conversation_id).given_back(question)
        self._let_go(legs, lambda bridge: bridge.back(row.call_sid or ""))

    def hang_up(self, agent: str, handoff: int) -> None:
        """End the call; the caller hears a goodbye. The agent still has the work after it. Nothing when it is over."""

        def over(session: Session) -> Handoff:
            row = load(session, handoff)
            if row.state == "talking":
                answers.in_hand(session, handoff, agent)
            return endings.hung_up(session, self._now(), handoff, actor(agent))

        self._goodbye(handoff, over)

    def leave(self, agent: str, handoff: int) -> None:
        """One of two agents leaves; the call is the other one's."""
        self._switchroom.change(handoff, lambda s: answers.part(s, self._now(), handoff, agent))
        self._listening.anew(handoff)

    def finish(self, agent: str, handoff: int, disposition: str, note: str) -> None:
        """What came of the call; ends it, and the agent's work after it. Of a call that another agent has by now, only
        the note is kept. Raises BadValue (disposition)."""

        def finished(session: Session) -> Handoff:
            row = load(session, handoff)
            presence = presence_of(session, agent)
            if row.agent != agent and (presence.state, presence.handoff_id) == ("wrap_up", handoff):
                return self._only_noted(session, row, agent, note)
            return endings.finish(session, self._now(), handoff, agent, disposition, note)

        self._goodbye(handoff, finished)

    def call_back(self, agent: str, task: int) -> int:
        """Call the number of a task that the agent has in hand: the agent's telephone rings, then the citizen's; the
        handoff. Raises BridgeFailed."""
        return self._outgoing.begin(agent, task)

    def refuse(self, agent: str, handoff: int) -> None:
        """Not take the call that is offered, or not join the one into which another agent asks."""

        def refused(session: Session) -> Handoff:
            if load(session, handoff).offered_to == agent:
                return refusals.refuse(session, self._now(), handoff, agent)
            return invitations.decline(session, self._now(), handoff, agent)

        self._switchroom.change(handoff, refused)

    def supervise(self, supervisor: str, handoff: int, part: Part) -> None:
        """Ring the supervisor's browser telephone to listen, whisper or join; again: take another part. Raises
        BridgeFailed."""
        self._listening.begin(supervisor, handoff, part)

    def unsupervise(self, supervisor: str, handoff: int) -> None:
        """The supervisor leaves the call."""
        self._listening.end(supervisor, handoff)

    # -- what these have in common ------------------------------------------------------------------------------------

    def _waits_again(self, handoff: int, deed: Callable[[Session], Handoff]) -> None:
        """The caller leaves the room first: nobody hears the silence of an empty one."""
        row, legs = self._switchroom.changed(handoff, deed)
        self._let_go(legs, lambda bridge: bridge.wait(row.call_sid or ""))

    def _goodbye(self, handoff: int, deed: Callable[[Session], Handoff]) -> None:
        """What the caller hears then, and that the call ends, `Desk.left` says."""
        with self._helpline.store.read() as session:
            talked = load(session, handoff).state == "talking"
        row, legs = self._switchroom.changed(handoff, deed)
        here = talked and row.state == "done" and row.call_sid  # nobody, while a citizen who is called has not answered
        self._let_go(legs, *([lambda bridge: bridge.remove(room_of(handoff), row.call_sid or "")] if here else []))

    def _let_go(self, legs: list[str], *first: Deed) -> None:
        """Do what is to be done for the caller, then hang up the telephones of those who are not in the call now."""
        self._switchroom.carry(*first, *(_hang_up(leg) for leg in legs))  # one after the other
        self._switchroom.kick()

    def _inside(self, agent: str, handoff: int) -> Handoff:
        with self._helpline.store.read() as session:
            row = load(session, handoff)
            if row.state != "talking" or agent not in answers.talking_in(session, row):
                raise NotAllowed(f"a call that is {row.state}, or another agent's")
            return row

    def _noted(self, agent: str, handoff: int, what: str) -> None:
        with self._helpline.store.begin() as session:
            note(session, self._now(), load(session, handoff), actor(agent), what)

    def _only_noted(self, session: Session, row: Handoff, agent: str, text: str) -> Handoff:
        now = self._now()
        if text:
            note(session, now, row, actor(agent), "noted", {"note": text})
        endings.wrap_over(session, now, agent, row.id)
        return row

    def _now(self) -> datetime:
        return self._helpline.clock.now()


def _hang_up(leg: str) -> Deed:
    return lambda bridge: bridge.hang_up(leg)
