"""The facts from which it is judged whether an appeal is possible: the cause, and what was appealed before."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.appeal_rules import Cause, Earlier, Eligibility
from booking.complaint_stages import DONE, SATISFIED
from booking.escalation import next_level
from booking.zone import local_day
from models.appeals import Appeal
from models.bookings import Booking, BookingEvent
from models.complaints import Complaint, ComplaintEvent

READY = frozenset({"certificate_ready", "out_for_delivery", "delivered"})


def cause_of(session: Session, record: Booking | Complaint) -> Cause | None:
    """What can be appealed against, now or once its day has passed; None when there is nothing, or not yet a day."""
    return _booking_cause(session, record) if isinstance(record, Booking) else _complaint_cause(session, record)


def no_cause(record: Booking | Complaint) -> Eligibility:
    """Why there is nothing to appeal against."""
    if isinstance(record, Complaint):
        return Eligibility(False, "finished" if record.stage in DONE else "in_time")
    if record.stage == "cancelled":
        return Eligibility(False, "cancelled")
    return Eligibility(False, "finished" if record.stage in READY else "in_time")


def appeals_of(session: Session, record: Booking | Complaint) -> list[Appeal]:
    """All appeals about `record`, oldest first."""
    mine = Appeal.booking_id if isinstance(record, Booking) else Appeal.complaint_id
    return list(session.scalars(select(Appeal).where(mine == record.id).order_by(Appeal.id)))


def earlier_for(appeals: list[Appeal], cause: Cause) -> Appeal | None:
    """The last of `appeals` against this cause; one against an earlier refusal or due day does not count."""
    same = [a for a in appeals if a.ground == cause.ground and local_day(a.created_at) >= cause.day]
    return max(same, key=lambda a: (a.level, a.id), default=None)


def facts(appeal: Appeal) -> Earlier:
    """What the rules need to know of an appeal."""
    decided = local_day(appeal.decided_at) if appeal.decided_at else None
    made = local_day(appeal.created_at)
    return Earlier(appeal.number, appeal.level, made, appeal.decide_by, appeal.outcome, decided)


def _booking_cause(session: Session, booking: Booking) -> Cause | None:
    if booking.stage == "rejected":
        return Cause("refused", _rejected_on(session, booking))
    if booking.due_on is None or booking.stage in READY or booking.stage == "cancelled":
        return None
    return Cause("late", booking.due_on)


def _rejected_on(session: Session, booking: Booking) -> date:
    at = select(BookingEvent.at).where(BookingEvent.booking_id == booking.id, BookingEvent.to_stage == "rejected")
    at = at.where(BookingEvent.from_stage.is_distinct_from("rejected"))
    return local_day(session.scalar(at.order_by(BookingEvent.id.desc()).limit(1)) or booking.updated_at)


def _complaint_cause(session: Session, complaint: Complaint) -> Cause | None:
    if complaint.stage in DONE:
        bad = complaint.rating is not None and complaint.rating < SATISFIED and complaint.resolved_at
        return Cause("refused", local_day(bad)) if bad else None
    if complaint.due_at is not None:
        # Out of time once the last level has not brought it to its end either.
        return None if next_level(session, complaint) else Cause("late", local_day(complaint.due_at))
    overdue = _overdue(session, complaint)
    return Cause("late", local_day(overdue)) if overdue else None


def _overdue(session: Session, complaint: Complaint) -> datetime | None:
    """The time by which the last level should have brought it to its end, once that was missed."""
    last = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint.id, ComplaintEvent.what == "overdue")
    event = session.scalars(last.order_by(ComplaintEvent.id.desc()).limit(1)).one_or_none()
    if event is None:
        return None
    due = (event.data or {}).get("due")
    return datetime.fromisoformat(due) if due else event.at
