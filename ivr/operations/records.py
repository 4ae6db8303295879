"""Bookings, complaints and appeals as the dialog tells them: plain JSON, only what is said."""

from __future__ import annotations

from typing import Any

from booking import appeals, complaints, tracking
from booking.numbers import kind_of
from booking.zone import local_day
from ivr.operations.desk import Args, Desk, caller_mobile, spoken_time
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint
from prompts.spoken.forms import clean

Record = Booking | Complaint | Appeal
Told = dict[str, Any]

_STATES = {"registered": "open", "assigned": "open", "answered": "answered", "resolved": "resolved", "closed": "closed"}


def find(desk: Desk, number: str) -> Record | None:
    """The record with this number, of whichever kind the number is."""
    match kind_of(number):
        case "booking":
            return tracking.by_number(desk.session, number)
        case "complaint":
            return complaints.by_number(desk.session, number)
        case "appeal":
            return appeals.by_number(desk.session, number)
    return None


def owned(record: Record, args: Args) -> bool:
    """Whether the caller calls from the record's mobile, or has proved to know its number and the last digits."""
    return record.mobile == caller_mobile(args) or args.get("proven") == record.number


def told(desk: Desk, record: Record, language: str) -> Told:
    """What is told of a record; names in `language`."""
    out = {"number": record.number, "version": record.version, "day": local_day(record.created_at).isoformat()}
    if isinstance(record, Booking):
        out |= _booking(desk, record, language)
    elif isinstance(record, Complaint):
        out |= _complaint(record)
    else:
        state = record.outcome or "open"
        out |= {"kind": "appeal", "state": state, "decide_by": record.decide_by.isoformat()}
    return {name: value for name, value in out.items() if value not in (None, "", [], False) or name == "area"}


def _booking(desk: Desk, booking: Booking, language: str) -> Told:
    at = tracking.status(desk.session, desk.now, desk.rules, booking)
    who = at.executive
    return {
        "kind": "booking",
        "service": at.service,
        "city": at.city,
        "area": at.area,
        "stage": at.stage,
        "slot": spoken_time(at.starts_at),
        "ends": spoken_time(at.ends_at),
        "executive": (who.hi if language == "hi" else who.en) if who else None,
        "badge": who.id if who else None,
        "due": at.due_on.isoformat() if at.due_on and (at.overdue or at.stage in _DUE) else None,
        "overdue": at.overdue,
        "late": at.late,
        "appealable": (at.overdue or at.stage == "rejected") and _appealable(desk, booking),
        "missing": known_documents(booking, at.missing),
        "reason": clean(at.reason) if at.stage == "rejected" else "",
        "until": spoken_time(at.change_until) if at.change_until else None,
    }


def _appealable(desk: Desk, booking: Booking) -> bool:
    return appeals.eligible(desk.session, desk.now, booking, desk.limits.appeals).ok


_DUE = ("submitted", "in_verification", "approved")  # the stages in which the day is still ahead


def known_documents(booking: Booking, missing: tuple[str, ...]) -> list[str]:
    """The missing documents that the prompts can name: those of the service."""
    return [name for name in missing if name in booking.service.documents]


def _complaint(complaint: Complaint) -> Told:
    state = _STATES[complaint.stage]
    return {
        "kind": "complaint",
        "what": f"kind.{complaint.kind}",
        "state": state,
        "answer": clean(complaint.answer).rstrip(" ।."),
        "ratable": state == "resolved" and complaint.rating is None,
        "unsatisfied": state == "resolved" and complaint.rating is not None,  # a good rating would have closed it
    }
