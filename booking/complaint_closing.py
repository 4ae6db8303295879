"""The end of a complaint: rated, closed on the citizen's word or after the window, or reopened."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import CALLER, JOB, Actor
from booking.complaint_changes import Change, Options, record
from booking.complaint_stages import CITIZEN, DONE, SATISFIED, ComplaintRules
from booking.complaint_window import reopen_until
from booking.errors import BadValue, NotAllowed, TooLate
from booking.escalation import due_after, level_of, next_level
from booking.notices import Notices, write_notice
from booking.zone import ZONE, local_day
from models.complaints import Complaint, ComplaintEvent

BATCH = 200  # complaints a run


def rate(
    session: Session,
    now: datetime,
    complaint: Complaint,
    rating: int,
    actor: Actor = CALLER,
    **options: Unpack[Options],
) -> Complaint:
    """The citizen's rating of the resolution, 1 (bad) to 5: from 3 on it closes the complaint; 1 and 2 leave it open
    for reopening and appeal (`appeals.ways_out`). One that closed by itself may still be rated once.

    The same rating again changes nothing. Raises BadValue, NotAllowed (not resolved, or another person), Conflict.
    """
    if rating not in range(1, 6):
        raise BadValue("rating: 1 to 5")
    if complaint.stage in DONE and complaint.rating == rating:
        return complaint
    if actor.role not in ("caller", "agent"):
        raise NotAllowed(f"rating by {actor.role}")
    if complaint.stage != "resolved" and (complaint.stage != "closed" or complaint.rating is not None):
        raise NotAllowed(f"rating a complaint that is {complaint.stage}")
    if complaint.resolved_at is None:
        raise NotAllowed("rating a complaint that was never resolved")
    change = Change("rated", values={"rating": rating}, data={"rating": rating})
    record(session, now, complaint, actor, change, options.get("expected_version"))
    if rating >= SATISFIED and complaint.stage == "resolved":
        close(session, now, complaint, actor, "satisfied", wording=options.get("wording"))
    return complaint


def close(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, why: str, **options: Unpack[Options]
) -> Complaint:
    """Close on the citizen's word, at any stage (the citizen's own, or an agent's who says in `why` what the citizen
    said), or by the job after the window. Closing again changes nothing. Raises BadValue, NotAllowed, Conflict."""
    if complaint.stage == "closed":
        return complaint
    if actor.role == "agent" and not why.strip():
        raise BadValue("why: what the citizen said")
    change = Change(to="closed", why=why, values={"due_at": None})
    record(session, now, complaint, actor, change, options.get("expected_version"))
    write_notice(session, now, complaint, "complaint_closed", options.get("wording"))
    return complaint


def reopen(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, why: str = "", **options: Unpack[Options]
) -> Complaint:
    """Not satisfied: the complaint goes on, at the next level where there is one, until the last day of
    `reopen_until`. Reopening it again at once changes nothing. Raises NotAllowed, TooLate, Conflict."""
    if complaint.stage == "assigned" and _last_event(session, complaint) == "reopened":
        return complaint
    until = reopen_until(complaint, options.get("rules", ComplaintRules()))
    if until is None or actor.role not in CITIZEN:
        raise NotAllowed(f"reopening a complaint that is {complaint.stage}, by {actor.role}")
    if local_day(now) > until:
        raise TooLate(f"until {until}")
    _reopen(session, now, complaint, actor, why, **options)
    return complaint


def reopen_by_order(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, why: str, wording: Notices | None = None
) -> None:
    """An appeal about `complaint` was allowed: what was resolved or closed goes on, however long ago that was; what is
    still open changes nothing. Raises NotAllowed, Conflict."""
    if complaint.stage in DONE:
        _reopen(session, now, complaint, actor, why, wording=wording)


def _reopen(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, why: str, **options: Unpack[Options]
) -> None:
    above = next_level(session, complaint)
    level = above or level_of(session, complaint)
    values = {
        "reopened": complaint.reopened + 1,
        "level": level.level if level else complaint.level,
        "due_at": due_after(session, now, level),
        "resolved_at": None,
        "rating": None,
    }
    data = {"from": complaint.level, "to": values["level"]}
    change = Change("reopened", "assigned", why, values, data)
    record(session, now, complaint, actor, change, options.get("expected_version"))
    if above is not None:
        write_notice(session, now, complaint, "complaint_escalated", options.get("wording"))


def close_due(
    session: Session, now: datetime, rules: ComplaintRules | None = None, wording: Notices | None = None
) -> int:
    """Close what was resolved and can no longer be reopened at `now`; returns how many."""
    rules = rules or ComplaintRules()
    over = datetime.combine(local_day(now) - timedelta(days=rules.reopen_days), time(0), ZONE)
    due = (
        select(Complaint)
        .where(Complaint.stage == "resolved", Complaint.resolved_at < over)
        .order_by(Complaint.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(due).all()
    for complaint in rows:
        close(session, now, complaint, JOB, "not reopened in time", wording=wording)
    return len(rows)


def _last_event(session: Session, complaint: Complaint) -> str | None:
    last = select(ComplaintEvent.what).where(ComplaintEvent.complaint_id == complaint.id)
    return session.scalar(last.order_by(ComplaintEvent.id.desc()).limit(1))
