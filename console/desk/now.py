"""What an agent has before him now: nothing, a caller who is offered, or a call with the work after it.

The page asks at every change, and is answered "unchanged" as long as it is about the same call: what was typed into
its forms must not be lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request
from sqlalchemy.orm import Session

from booking.accounts.roles import AGENT, SUPERVISOR
from console.deps import deps
from console.desk.parts import me, show, unchanged
from ivr.gate import open_to
from models.presence import Presence
from models.queue import Handoff


@dataclass(frozen=True)
class Before:
    """`key` says whether the page shows it already."""

    key: str
    kind: str
    presence: Presence | None = None
    handoff: Handoff | None = None


@open_to(AGENT, SUPERVISOR, idle=True)
def now() -> Response:
    """The part of the page that is about my call. What it shows of the caller is fetched by itself, and noted."""
    with deps().store.read() as session:
        found = before(session, me())
    if request.args.get("has") == found.key:
        return unchanged()
    return show("now", now=found)


def before(session: Session, agent: str) -> Before:
    """What is before this agent."""
    presence = session.get(Presence, agent)
    if presence is None or presence.state not in ("offered", "talking", "wrap_up") or presence.handoff_id is None:
        state = presence.state if presence else "off"
        return Before(f"none-{state}", "none", presence)
    row = session.get_one(Handoff, presence.handoff_id)
    if presence.state == "offered":
        kind = "invited" if row.offered_to != agent else "offered"
        return Before(f"{kind}-{row.id}-{presence.version}", kind, presence, row)
    return Before(f"call-{row.id}", "call", presence, row)
