"""The order on an appeal, and how an appeal changes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypedDict, Unpack

from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.appeal_rules import AppealRules
from booking.changes import change_stage, lock_booking
from booking.complaint_closing import reopen_by_order
from booking.complaint_stages import DECIDERS
from booking.errors import BadValue, NotAllowed
from booking.notices import Notices, write_notice
from booking.offices import above
from booking.privacy import masked
from booking.versions import advance, lock
from models.appeals import Appeal, AppealEvent
from models.bookings import Booking
from models.complaints import Complaint

Outcome = Literal["allowed", "dismissed"]
OUTCOMES = ("allowed", "dismissed")
LONGEST_ORDER = 4000  # characters


class Options(TypedDict, total=False):
    """The wording of notices and the rules (default: the project's own), the version the actor has seen, the office
    for which an officer decides."""

    wording: Notices | None
    rules: AppealRules
    expected_version: int | None
    office: str


def decide(
    session: Session,
    now: datetime,
    appeal: Appeal,
    outcome: Outcome,
    order: str,
    actor: Actor,
    **options: Unpack[Options],
) -> Appeal:
    """The order on `appeal`. Allowed, a booking that was refused goes back to verification, and a complaint that was
    resolved or closed is reopened. The same again changes nothing. Raises BadValue, NotAllowed (decided otherwise, or
    by nobody who may), Conflict."""
    order = str(masked(order)).strip()
    if outcome not in OUTCOMES or not order or len(order) > LONGEST_ORDER:
        raise BadValue(f"outcome: {' or '.join(OUTCOMES)}, with an order of at most {LONGEST_ORDER} characters")
    if appeal.stage == "decided" and (appeal.outcome, appeal.order) == (outcome, order):
        return appeal
    if appeal.stage != "registered" or not _may_decide(session, appeal, actor, options.get("office", "")):
        raise NotAllowed(f"deciding an appeal that is {appeal.stage}, by {actor.role}")
    values = {"outcome": outcome, "order": order, "decided_at": now}
    seen = options.get("expected_version")
    change(session, now, appeal, actor, "decided", order, expected_version=seen, **values)
    if outcome == "allowed" and appeal.booking_id is not None:
        _look_again(session, now, appeal, actor)
    if outcome == "allowed" and appeal.complaint_id is not None:
        complaint = session.get_one(Complaint, appeal.complaint_id)
        lock(session, complaint)
        reopen_by_order(session, now, complaint, actor, f"appeal {appeal.number} allowed", options.get("wording"))
    write_notice(session, now, appeal, "appeal_decided", options.get("wording"))
    return appeal


def change(session: Session, now: datetime, appeal: Appeal, actor: Actor, to: str, why: str, **values: object) -> None:
    """Take `appeal` to the stage `to`, with further columns, and write the event row; raises Conflict."""
    before = appeal.stage
    seen = values.pop("expected_version", None)
    assert seen is None or isinstance(seen, int)
    advance(session, now, appeal, seen, **values, stage=to)
    note_event(session, now, appeal, actor, before, why)


def note_event(
    session: Session, now: datetime, appeal: Appeal, actor: Actor, before: str | None, why: str = ""
) -> None:
    """The event row of a change that has been carried out."""
    session.add(
        AppealEvent(
            appeal_id=appeal.id,
            at=now,
            who=str(actor),
            from_stage=before,
            to_stage=appeal.stage,
            why=str(masked(why)),
        )
    )
    session.flush()


def _may_decide(session: Session, appeal: Appeal, actor: Actor, office: str) -> bool:
    """Administrators may, and offices above the one complained about: none decides about itself."""
    if actor.role != "office":
        return actor.role in DECIDERS
    about = session.get(Complaint, appeal.complaint_id) if appeal.complaint_id is not None else None
    return above(session, about.kind if about else "", office)


def _look_again(session: Session, now: datetime, appeal: Appeal, actor: Actor) -> None:
    """A refusal that is not upheld: the booking is verified again."""
    booking = session.get_one(Booking, appeal.booking_id)
    lock_booking(session, booking)
    if booking.stage == "rejected":
        change_stage(session, now, booking, "in_verification", actor, f"appeal {appeal.number} allowed")
