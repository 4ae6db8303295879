"""What must be so after a crowd has been at the desk, from the rows alone; what is not, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.callbacks import Callback
from models.presence import Presence
from models.queue import Handoff, HandoffEvent
from models.tasks import Task

OVER = ("done", "returned", "callback", "abandoned")
ENDS = ("done", "returned", "transferred", "parted")  # events after which an agent's call is another's, or over
UNTAKEN = ("refused", "no_answer", "left", "gone", "dropped")


@dataclass(frozen=True)
class Rows:
    """Everything that is in the store of a desk."""

    handoffs: Sequence[Handoff]
    events: Sequence[HandoffEvent]
    agents: Sequence[Presence]
    promised: frozenset[str]
    listed: frozenset[str]

    @classmethod
    def of(cls, session: Session) -> Rows:
        """All rows, the oldest first."""
        return cls(
            session.scalars(select(Handoff).order_by(Handoff.id)).all(),
            session.scalars(select(HandoffEvent).order_by(HandoffEvent.id)).all(),
            session.scalars(select(Presence)).all(),
            frozenset(session.scalars(select(Callback.conversation_id))),
            frozenset(session.scalars(select(Task.subject))),
        )


def verdict(rows: Rows) -> list[str]:
    """Every caller is served once, promised a call back or listed to be called; no agent has two; order is kept."""
    return [*_everybody(rows), *_one_at_a_time(rows.events), *_in_order(rows)]


def _everybody(rows: Rows) -> Iterator[str]:
    for row in rows.handoffs:
        if row.state not in OVER:
            yield f"handoff {row.id} is still {row.state}"
        elif row.state == "done" and row.answered_at is None:
            yield f"handoff {row.id} is done, and nobody has answered it"
        elif row.state == "callback" and row.conversation_id not in rows.promised:
            yield f"handoff {row.id} is to be called back, and no call back is promised"
        elif row.state == "abandoned" and row.caller and f"handoff:{row.id}" not in rows.listed:
            yield f"handoff {row.id} was abandoned and is on no list"
    for agent in rows.agents:
        if agent.state in ("offered", "talking"):
            yield f"{agent.agent} is still {agent.state}"


def _one_at_a_time(events: Sequence[HandoffEvent]) -> Iterator[str]:
    """Between accepting a call and its end an agent accepts no other; a call is accepted once for each offer."""
    holds: dict[str, int] = {}
    offered: dict[int, str | None] = {}
    for event in events:
        call, data = event.handoff_id, event.data or {}
        if event.what == "offered":
            if offered.get(call):
                yield f"handoff {call} was offered to two"
            offered[call] = data["to"]
        elif event.what in UNTAKEN:
            offered[call] = None
        elif event.what == "accepted":
            agent = event.who.removeprefix("agent:")
            if offered.get(call) != agent:
                yield f"handoff {call} was accepted by {agent}, to whom it was not offered"
            if agent in holds or call in holds.values():
                yield f"handoff {call} was accepted by {agent} beside another"
            offered[call], holds[agent] = None, call
        elif event.what in ENDS:
            holds = {agent: held for agent, held in holds.items() if held != call}
            offered[call] = data.get("to") if event.what == "transferred" else None
            if event.what == "parted":
                holds[data["agent"]] = call


def _in_order(rows: Rows) -> Iterator[str]:
    """Of those whose line never broke, nobody is offered to an agent before who came first."""
    broken = {e.handoff_id for e in rows.events if e.what in ("dropped", "lost")}
    ahead = {e.handoff_id for e in rows.events if e.what == "entered" and "after" in (e.data or {})}
    came = {r.id: (r.waiting_since, r.id) for r in rows.handoffs if r.id not in broken | ahead}
    offered = [e.handoff_id for e in rows.events if e.what == "offered" and e.handoff_id in came]
    order = [came[handoff] for handoff in dict.fromkeys(offered)]
    for before, after in pairwise(order):
        if after < before:
            yield f"handoff {after[1]} came before handoff {before[1]}, and was offered after it"
