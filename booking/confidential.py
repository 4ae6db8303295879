"""Who sees a complainant. The office complained about does not, where the complaint is confidential.

Everybody else who handles complaints does: agents and administrators (office "") and the offices of higher levels. An
office that is not known to be one of those is treated as the one complained about. Whatever is given to an office goes
through `seen_by`, or the lists here that do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, object_session

from booking.errors import NotFound
from booking.masking import without_numbers
from booking.offices import above, in_charge
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint, ComplaintEvent

PAGE = 50


@dataclass(frozen=True)
class Step:
    """One event of a complaint, as an office sees it."""

    at: datetime
    who: str
    what: str
    from_stage: str | None
    to_stage: str
    why: str


@dataclass(frozen=True)
class ComplaintView:
    """A complaint as an office sees it. When `hidden`, everything that leads to the complainant is missing: mobile,
    caller, voice note, conversation, booking, language, channel; numbers in `text` and `place` are replaced by x."""

    id: int
    number: str
    kind: str
    confidential: bool
    hidden: bool
    service_id: str | None
    department: str
    city_id: str | None
    place: str
    text: str
    stage: str
    level: int
    due_at: datetime | None
    answer: str
    resolved_at: datetime | None
    rating: int | None
    reopened: int
    version: int
    created_at: datetime
    updated_at: datetime
    mobile: str | None = None
    caller: str | None = None
    note_id: str | None = None
    conversation_id: str | None = None
    booking_id: int | None = None
    language: str | None = None
    channel: str | None = None
    replay_key: str | None = None


@dataclass(frozen=True)
class AppealView:
    """An appeal as an office sees it; `hidden` as for the complaint it is about."""

    id: int
    number: str
    level: int
    ground: str
    hidden: bool
    complaint_id: int | None
    text: str
    stage: str
    decide_by: date
    outcome: str
    order: str
    decided_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    booking_id: int | None = None
    mobile: str | None = None
    caller: str | None = None
    note_id: str | None = None
    conversation_id: str | None = None
    language: str | None = None
    channel: str | None = None
    replay_key: str | None = None


OPEN_FIELDS = ("mobile", "caller", "note_id", "conversation_id", "booking_id", "language", "channel", "replay_key")


def seen_by(complaint: Complaint, office: str) -> ComplaintView:
    """`complaint` (of an open session) as `office` sees it: "" for agents and administrators, else the key of an
    escalation level's office, with what it is in charge of after slashes (`office/pan_card`, `district/durg`)."""
    hidden = hides(complaint, office)
    names = [f for f in ComplaintView.__dataclass_fields__ if f not in OPEN_FIELDS and f != "hidden"]
    values = {name: getattr(complaint, name) for name in names}
    values["text"] = said_in(complaint)
    if hidden:
        return ComplaintView(**_clean(values, "place", "text", "department", "answer"), hidden=True)
    return ComplaintView(**values, **{f: getattr(complaint, f) for f in OPEN_FIELDS}, hidden=False)


def said_in(record: Complaint | Appeal) -> str:
    """What happened, in words: as written down, else the transcript of the voice note."""
    return record.text or (record.note.text if record.note else "")


def hides(complaint: Complaint, office: str) -> bool:
    """Whether the complainant is hidden from `office`."""
    if not complaint.confidential or not office:
        return False
    session = object_session(complaint)
    return session is None or not above(session, complaint.kind, office)


def steps_seen_by(complaint: Complaint, office: str) -> list[Step]:
    """What happened to `complaint`, oldest first, without numbers in it where the complainant is hidden."""
    hidden = hides(complaint, office)
    return [_step(e, hidden) for e in complaint.events]


def appeal_seen_by(session: Session, appeal: Appeal, office: str) -> AppealView:
    """`appeal` as `office` sees it: the appellant is hidden where the complainant of its complaint is."""
    complaint = session.get(Complaint, appeal.complaint_id) if appeal.complaint_id else None
    hidden = complaint is not None and hides(complaint, office)
    names = [f for f in AppealView.__dataclass_fields__ if f not in OPEN_FIELDS and f != "hidden"]
    values = {name: getattr(appeal, name) for name in names}
    values["text"] = said_in(appeal)
    if hidden:
        return AppealView(**_clean(values, "text", "order"), hidden=True)
    return AppealView(**values, **{f: getattr(appeal, f) for f in OPEN_FIELDS}, hidden=False)


def list_for(
    session: Session, office: str, *, stage: str | None = None, after: int | None = None, limit: int = PAGE
) -> list[ComplaintView]:
    """The complaints that concern `office`, newest first, as it sees them; `after` is the id of the last one seen."""
    found = select(Complaint).where(in_charge(office, Complaint))
    if stage is not None:
        found = found.where(Complaint.stage == stage)
    if after is not None:
        found = found.where(Complaint.id < after)
    rows = session.scalars(found.order_by(Complaint.id.desc()).limit(limit))
    return [seen_by(row, office) for row in rows]


def find_for(session: Session, office: str, number: str) -> Complaint:
    """The complaint with this number, to be worked on by `office` (and shown by `seen_by`); raises NotFound also for
    one that does not concern it."""
    mine = select(Complaint).where(in_charge(office, Complaint), Complaint.number == number)
    row = session.scalars(mine).one_or_none()
    if row is None:
        raise NotFound(f"complaint {number}")
    return row


def find_appeal_for(session: Session, office: str, number: str) -> Appeal:
    """The appeal with this number, to be shown to `office` by `appeal_seen_by`; raises NotFound also for one about a
    booking or complaint that does not concern it."""
    complaints = select(Complaint.id).where(in_charge(office, Complaint))
    bookings = select(Booking.id).where(in_charge(office, Booking))
    mine = or_(Appeal.complaint_id.in_(complaints), Appeal.booking_id.in_(bookings))
    row = session.scalars(select(Appeal).where(mine, Appeal.number == number)).one_or_none()
    if row is None:
        raise NotFound(f"appeal {number}")
    return row


def _step(event: ComplaintEvent, hidden: bool) -> Step:
    why = without_numbers(event.why) if hidden else event.why
    return Step(event.at, event.who, event.what, event.from_stage, event.to_stage, why)


def _clean(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {k: without_numbers(str(v)) if k in names else v for k, v in values.items()}
