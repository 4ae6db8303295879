"""Changing a complaint: compare-and-set on its version, and an event row."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.changes import Change
from booking.complaint_stages import ComplaintRules, allowed
from booking.errors import NotAllowed
from booking.notices import Notices
from booking.privacy import masked
from booking.versions import advance
from models.complaints import Complaint, ComplaintEvent

__all__ = ["Change", "Options", "note_event", "record"]


class Options(TypedDict, total=False):
    """What may be added to a change: the version the actor has seen, the wording of notices and the rules (default:
    the project's own)."""

    expected_version: int | None
    wording: Notices | None
    rules: ComplaintRules


def record(
    session: Session,
    now: datetime,
    complaint: Complaint,
    actor: Actor,
    change: Change,
    expected_version: int | None = None,
) -> None:
    """Carry out `change`; raises NotAllowed (stage or role), Conflict."""
    before = complaint.stage
    after = before if change.to is None else change.to
    if change.to is not None and not allowed(before, after, actor.role):
        raise NotAllowed(f"complaint from {before} to {after} by {actor.role}")
    advance(session, now, complaint, expected_version, **change.values, stage=after)
    note_event(session, now, complaint, actor, change, before)


def note_event(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, change: Change, before: str | None
) -> None:
    """The event row of a change that has been carried out."""
    session.add(
        ComplaintEvent(
            complaint_id=complaint.id,
            at=now,
            who=str(actor),
            what=change.what,
            from_stage=before,
            to_stage=complaint.stage,
            why=str(masked(change.why)),
            data=None if change.data is None else masked(dict(change.data)),
        )
    )
    session.flush()
