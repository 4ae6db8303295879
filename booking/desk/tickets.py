"""Tickets of offers: by which a telephone that rang says later for which offer it did, even when that one is over."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.changes import load
from booking.errors import NotFound
from models.presence import Presence
from models.queue import Handoff, HandoffEvent

OFFERS = ("offered", "transferred", "invited")


@dataclass(frozen=True)
class Ticket:
    """Whom a telephone rang for: the handoff, the agent, whether it was an invitation into a call that goes on, and
    whether the offer still stands."""

    handoff: Handoff
    agent: str
    invited: bool
    stands: bool


def ticket_for(session: Session, handoff: int, agent: str) -> str:
    """The ticket of the last offer of this caller to this agent; raises NotFound."""
    made = select(HandoffEvent).where(HandoffEvent.handoff_id == handoff, HandoffEvent.what.in_(OFFERS))
    for event in session.scalars(made.order_by(HandoffEvent.id.desc())):
        if (event.data or {}).get("to") == agent:
            return str(event.id)
    raise NotFound(f"offer of handoff {handoff} to {agent}")


def read_ticket(session: Session, ticket: str) -> Ticket:
    """What a ticket is for; raises NotFound."""
    event = session.get(HandoffEvent, int(ticket)) if ticket.isdecimal() and len(ticket) < 10 else None
    to = (event.data or {}).get("to") if event is not None and event.what in OFFERS else None
    if event is None or to is None:
        raise NotFound(f"ticket {ticket}")
    row, invited = load(session, event.handoff_id), event.what == "invited"
    last = ticket_for(session, row.id, to) == ticket
    if invited:
        other = session.get(Presence, to, populate_existing=True)
        stands = other is not None and other.state == "offered" and other.handoff_id == row.id and row.offered_to != to
    else:
        stands = row.state == "offered" and row.offered_to == to
    return Ticket(row, to, invited, last and stands)
