"""Appeals: whether one is possible, and registering it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from booking import appeals
from booking.appeal_rules import Eligibility
from booking.errors import NotAllowed, NotFound, NotOwner
from ivr.operations.complaints import replay_key
from ivr.operations.desk import Args, Desk, Outcome, Work
from ivr.operations.records import find, owned
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint

_OUTCOMES = {"in_time": "not_yet"} | {why: why for why in ("too_late", "pending", "commission", "allowed")}


def can_appeal(desk: Desk, args: Args) -> Outcome:
    """ok with what is possible until when; not_yet, too_late, pending, commission (both are used), allowed or no."""
    record = _spoken_of(desk, args)
    may = appeals.eligible(desk.session, desk.now, record, desk.limits.appeals)
    return ("ok" if may.ok else _OUTCOMES.get(may.why, "no")), _told(may, record)


def register(desk: Desk, args: Args) -> Outcome:
    """ok with the `appeal_number` and the day by which it is decided; else as `can_appeal`."""
    record = _spoken_of(desk, args)
    key = replay_key(desk, {**args, "of": record.number}, "of", "what_note")
    may = appeals.eligible(desk.session, desk.now, record, desk.limits.appeals)
    if not may.ok and may.why != "pending":
        return _OUTCOMES.get(may.why, "no"), _told(may, record)
    what = appeals.NewAppeal(
        mobile=record.mobile,
        booking=record.number if isinstance(record, Booking) else None,
        complaint=record.number if isinstance(record, Complaint) else None,
        language=args["language"],
        conversation=desk.conversation,
        caller=args.get("caller"),
        note=args.get("what_note"),
        replay_key=key,
    )
    try:
        made = appeals.register(desk.session, desk.now, what, wording=desk.notices, rules=desk.limits.appeals)
    except NotAllowed:  # pending, and not by this call
        return "pending", _told(may, record)
    return "ok", {"appeal_number": made.number, "decide_by": made.decide_by.isoformat()}


def _spoken_of(desk: Desk, args: Args) -> Booking | Complaint:
    """What is appealed about; of an appeal what it was about. Raises NotFound, NotOwner."""
    record = find(desk, args["records"][0]["number"])
    if record is None:
        raise NotFound
    if not owned(record, args):
        raise NotOwner
    if isinstance(record, Appeal):
        if record.booking_id is not None:
            return desk.session.get_one(Booking, record.booking_id)
        return desk.session.get_one(Complaint, record.complaint_id)
    return record


def _told(may: Eligibility, record: Booking | Complaint) -> dict[str, Any]:
    ground = "unsatisfied" if may.ground == "refused" and isinstance(record, Complaint) else may.ground
    return {
        "appeal_level": may.level,
        "appeal_ground": f"ground.{ground}" if ground else None,
        "appeal_from": _iso(may.from_day),
        "appeal_until": _iso(may.until_day),
        "decide_by": _iso(may.decide_by),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


WORK: Mapping[str, Work] = {"can_appeal": can_appeal, "register_appeal": register}
