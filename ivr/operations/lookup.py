"""Which record a caller speaks of: those of the calling mobile, or one named by its number and proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from booking import appeals, complaints, tracking, tries
from booking.actors import CALLER
from booking.appeal_rules import Eligibility
from booking.feedback import feedback_of
from booking.stages import ACTIVE, APPOINTED, allowed
from booking.versions import lock
from ivr.operations.desk import Args, Desk, Outcome, Work, caller_mobile
from ivr.operations.records import Record, find, owned, told
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint

TRIES = tries.TRIES
MOST = 5  # records told in one call
REMEMBERED = timedelta(days=90)  # what was finished longer ago is told only by its number


def mine(desk: Desk, args: Args) -> Outcome:
    """one or several (`records`, newest first, `older`: there are more), none; perhaps: none fits, but the caller may
    mean one of these and should hear why not; unknown: the calling number is no mobile."""
    mobile = caller_mobile(args)
    if mobile is None:
        return "unknown", {}
    known = [r for r in _of_mobile(desk, mobile, args) if _recent(desk, r)]
    fitting = [r for r in known if _fits(desk, r, args.get("task"))]
    fitting, meant = (fitting, False) if fitting else ([r for r in known if _meant(desk, r, args.get("task"))], True)
    newest = sorted(fitting, key=lambda r: r.created_at, reverse=True)
    records = [told(desk, r, args["language"]) for r in newest[:MOST]]
    outcome = "none" if not records else "perhaps" if meant else "one" if len(records) == 1 else "several"
    return outcome, {"records": records or None, "older": len(newest) > MOST or None}


def _of_mobile(desk: Desk, mobile: str, args: Args) -> Iterator[Record]:
    yield from tracking.by_mobile(desk.session, mobile)
    if args.get("task") in ("track", "appeal"):
        yield from complaints.by_mobile(desk.session, mobile)
    if args.get("task") == "track":
        yield from appeals.by_mobile(desk.session, mobile)


def _recent(desk: Desk, record: Record) -> bool:
    return record.updated_at >= desk.now - REMEMBERED or _open(record)


def _open(record: Record) -> bool:
    return record.stage in (ACTIVE if isinstance(record, Booking) else _PENDING)


_PENDING = ("registered", "assigned", "answered", "resolved")  # of complaints and appeals


def _fits(desk: Desk, record: Record, task: str | None) -> bool:
    """Whether the task could be meant for this record."""
    if task == "track":
        return True
    if task == "appeal":
        return not isinstance(record, Appeal) and _appeal(desk, record).ok
    if not isinstance(record, Booking):
        return False
    match task:
        case "move":
            return allowed(record.stage, "booked", "caller")
        case "cancel":
            return allowed(record.stage, "cancelled", "caller")
        case "executive":
            return record.stage in APPOINTED or record.stage == "executive_absent"
    return record.stage == "delivered" and feedback_of(desk.session, record) is None


def _meant(desk: Desk, record: Record, task: str | None) -> bool:
    """Whether a caller may believe that an appeal about it is possible: not about what is finished or cancelled."""
    if task != "appeal" or isinstance(record, Appeal):
        return False
    return _appeal(desk, record).why not in ("finished", "cancelled")


def _appeal(desk: Desk, record: Booking | Complaint) -> Eligibility:
    return appeals.eligible(desk.session, desk.now, record, desk.limits.appeals)


def by_number(desk: Desk, args: Args) -> Outcome:
    """ok (`records`), not_owner: to be proved, not_found, unfit: not for this task; too_many: proved wrongly thrice."""
    record = find(desk, args["asked_number"])
    if record is None:
        return "not_found", {}
    if not isinstance(record, _KINDS.get(str(args.get("task")), Record)):
        return "unfit", {}
    if owned(record, args):
        return "ok", {"records": [told(desk, record, args["language"])]}
    return ("too_many" if _locked(desk, record, args) else "not_owner"), {}


_KINDS: Mapping[str, type[Booking] | tuple[type[Record], ...]] = {
    "move": Booking,
    "cancel": Booking,
    "executive": Booking,
    "feedback": Booking,
}


def prove(desk: Desk, args: Args) -> Outcome:
    """ok (`records`, `proven`), wrong, too_many (`tries` so far in this conversation), not_found."""
    record = find(desk, args["asked_number"])
    if record is None:
        return "not_found", {}
    lock(desk.session, record)
    if _locked(desk, record, args):
        return "too_many", {}
    if record.mobile[-4:] == args["last4"]:
        return "ok", {"records": [told(desk, record, args["language"])], "proven": record.number}
    tried = int(args.get("tries") or 0) + 1
    left = tries.note_wrong(desk.session, desk.now, record, CALLER)
    return ("wrong" if left > 0 and tried < TRIES else "too_many"), {"tries": tried}


def _locked(desk: Desk, record: Record, args: Args) -> bool:
    if int(args.get("tries") or 0) >= TRIES:
        return True
    return tries.locked_until(desk.session, desk.now, record) is not None


def reread(desk: Desk, args: Args) -> Outcome:
    """ok: the record spoken of as it stands now; the others stay as they were."""
    now, *rest = args["records"]
    record = find(desk, now["number"])
    return ("ok", {"records": [told(desk, record, args["language"]), *rest]}) if record else ("not_found", {})


def earlier(desk: Desk, args: Args) -> Outcome:
    """found: a complaint of the calling mobile that is open, or resolved and may be rated; none."""
    mobile = caller_mobile(args)
    for complaint in complaints.by_mobile(desk.session, mobile) if mobile else ():
        if complaint.stage != "closed":
            return "found", {"records": [told(desk, complaint, args["language"])]}
    return "none", {}


WORK: Mapping[str, Work] = {
    "find_mine": mine,
    "find_number": by_number,
    "prove": prove,
    "reread": reread,
    "find_earlier": earlier,
}
