"""Complaints: registered, rated when resolved, opened again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from booking import complaints
from booking.actors import CALLER
from booking.complaint_stages import SATISFIED
from booking.errors import NotFound, NotOwner
from ivr.operations.desk import Args, Desk, Outcome, Work
from ivr.operations.records import find, owned
from models.complaints import Complaint


def register(desk: Desk, args: Args) -> Outcome:
    """ok with the `complaint_number`; the same complaint of a conversation once."""
    about = str(args.get("about_id") or "") or str(args.get("about") or "")
    what = complaints.NewComplaint(
        kind=args["complaint"],
        mobile=args["mobile"],
        language=args["language"],
        conversation=desk.conversation,
        caller=args.get("caller"),
        service=args.get("about_service"),
        department="" if args.get("about_service") else about[: complaints.LONGEST_NAME],
        city=args.get("about_city"),
        place="" if args.get("about_city") else str(args.get("place") or "")[: complaints.LONGEST_NAME],
        note=args.get("what_note"),
        replay_key=replay_key(desk, args, "complaint", "about", "about_id", "about_service", "place", "what_note"),
    )
    return "ok", {"complaint_number": complaints.register(desk.session, desk.now, what, desk.notices).number}


def replay_key(desk: Desk, args: Args, *names: str) -> str:
    """The same for a replay, another for something else in the same conversation."""
    said = "|".join(str(args.get(name) or "") for name in names)
    return f"{desk.conversation}/{sha256(said.encode()).hexdigest()[:16]}"


def rate(desk: Desk, args: Args) -> Outcome:
    """ok; low: it may be opened again. conflict, unfit, not_owner."""
    complaint, rating = _spoken_of(desk, args), int(args["rating"])
    complaints.rate(desk.session, desk.now, complaint, rating, CALLER, **_options(desk, args))
    return ("ok" if rating >= SATISFIED else "low"), _version(args, complaint)


def reopen(desk: Desk, args: Args) -> Outcome:
    """ok (`higher`: at the next level); too_late, unfit, conflict, not_owner."""
    complaint = _spoken_of(desk, args)
    before = complaint.level
    complaints.reopen(desk.session, desk.now, complaint, CALLER, "not satisfied", **_options(desk, args))
    return "ok", {"higher": complaint.level != before or None}


def _spoken_of(desk: Desk, args: Args) -> Complaint:
    complaint = find(desk, args["records"][0]["number"])
    if not isinstance(complaint, Complaint):
        raise NotFound
    if not owned(complaint, args):
        raise NotOwner
    return complaint


def _options(desk: Desk, args: Args) -> Any:
    version = args["records"][0]["version"]
    return {"expected_version": version, "wording": desk.notices, "rules": desk.limits.complaints}


def _version(args: Args, complaint: Complaint) -> dict[str, Any]:
    first, *rest = args["records"]
    return {"records": [{**first, "version": complaint.version}, *rest]}


WORK: Mapping[str, Work] = {"register_complaint": register, "rate_complaint": rate, "reopen": reopen}
