"""Who sees a complainant. The office complained about does not, where the complaint is confidential.

Everybody else who handles complaints does: agents and administrators (office "") and the offices of higher levels. An
office that is not known to be one of those is treated as the one complained about. Whatever is given to an office goes
through `seen_by`, or the lists here that do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, object_session

from booking.errors import NotFound
from booking.masking import without_numbers
from models.appeals import Appeal
from models.catalogue import CityRow
from models.complaints import Complaint, ComplaintEvent, EscalationLevel

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
    return session is None or not _above(session, complaint.kind, office)


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
    found = _concerning(office)
    if stage is not None:
        found = found.where(Complaint.stage == stage)
    if after is not None:
        found = found.where(Complaint.id < after)
    rows = session.scalars(found.order_by(Complaint.id.desc()).limit(limit))
    return [seen_by(row, office) for row in rows]


def find_for(session: Session, office: str, number: str) -> Complaint:
    """The complaint with this number, to be worked on by `office` (and shown by `seen_by`); raises NotFound also for
    one that does not concern it."""
    row = session.scalars(_concerning(office).where(Complaint.number == number)).one_or_none()
    if row is None:
        raise NotFound(f"complaint {number}")
    return row


def _above(session: Session, kind: str, office: str) -> bool:
    """Whether `office` is one of a level above the office complained about, which is that of the general level 1."""
    key = office.partition("/")[0]
    rows = session.scalars(select(EscalationLevel).where(EscalationLevel.kind.in_((kind, "")))).all()
    lowest = min((r.level for r in rows if r.kind == ""), default=None)
    concerned = {r.office for r in rows if r.kind == "" and r.level == lowest}
    return key not in concerned and key in {r.office for r in rows}


def _concerning(office: str) -> Select[Complaint]:
    """Complaints in the charge of `office`: every part after its key names a service, department, city or district."""
    found = select(Complaint)
    for part in office.split("/")[1:]:
        found = found.where(_names(part))
    return found


def _names(part: str) -> ColumnElement[bool]:
    cities = select(CityRow.id).where(CityRow.district == part)
    return or_(
        Complaint.service_id == part,
        Complaint.department == part,
        Complaint.city_id == part,
        Complaint.city_id.in_(cities),
    )


def _step(event: ComplaintEvent, hidden: bool) -> Step:
    why = without_numbers(event.why) if hidden else event.why
    return Step(event.at, event.who, event.what, event.from_stage, event.to_stage, why)


def _clean(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {k: without_numbers(str(v)) if k in names else v for k, v in values.items()}
