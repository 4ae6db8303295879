"""Taking a booking to another stage in the one right way, whatever the stage."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.changes import Options, change_stage
from booking.errors import NotAllowed
from booking.stages import DEEDS
from booking.visits import Side, VisitOptions, no_show, visited
from models.bookings import Booking

# What only the executive who was there can know; the envelope may be brought by another one.
OF_VISITOR = frozenset({"fee_paid", "submitted", "documents_needed"})

_ABSENT: dict[str, Side] = {"citizen_absent": "citizen", "executive_absent": "executive"}


def take(
    session: Session, now: datetime, booking: Booking, to: str, actor: Actor, why: str = "", **options: Unpack[Options]
) -> Booking:
    """Take `booking` (of this session) to the stage `to`; where a visit ends by it, the visit ends too.

    Raises what `change_stage`, `visited` and `no_show` raise, and NotAllowed for stages that need more than a word
    (`stages.DEEDS`: a slot, an executive) and for an executive who was not there.
    """
    if to in DEEDS:
        raise NotAllowed(f"{to}: by {DEEDS[to]}")
    if actor.role == "executive" and to in OF_VISITOR and booking.executive_id != actor.id:
        raise NotAllowed("another executive's visit")
    seen: VisitOptions = {"expected_version": options.get("expected_version"), "wording": options.get("wording")}
    if to == "visited":
        return visited(session, now, booking, actor, **seen)
    if to in _ABSENT:
        return no_show(session, now, booking, _ABSENT[to], actor, **seen)
    return change_stage(session, now, booking, to, actor, why, **options)
