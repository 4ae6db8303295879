"""A complaint as it stands in the form: filled in from the conversation, then as the agent has typed it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from booking.bookings import find_by_number
from booking.complaint_stages import CONFIDENTIAL_KINDS, KINDS
from booking.complaints import LONGEST_NAME, LONGEST_TEXT, NewComplaint
from booking.errors import BookingError
from booking.phone import mobile as mobile_digits
from console.desk.forms.parts import Problem, Problems, typed
from console.desk.forms.source import Talk
from console.words import LANGUAGES
from models.catalogue import CityRow, ServiceRow

DEPARTMENTS = ("certificates", "municipal", "revenue", "ration", "electricity", "police", "other")
"""Those that a caller can choose by keys; `department.<name>` is kept, as the offices' lists know it."""

FIELD_OF = {"bad_mobile": "mobile", "not_found": "booking", "city_not_covered": "city"}


@dataclass(frozen=True)
class ComplaintDraft:
    """All as text, as it stands in the fields. `service` is one of ours or `department.<name>`, else `department` says
    it; `confidential` is "1" or ""; `note` a voice note's id."""

    kind: str = ""
    service: str = ""
    department: str = ""
    city: str = ""
    place: str = ""
    booking: str = ""
    text: str = ""
    confidential: str = ""
    mobile: str = ""
    language: str = ""
    note: str = ""


def prefilled(session: Session, talk: Talk, booking: str) -> ComplaintDraft:
    """What the conversation has collected; about a booking, where the page of one leads here."""
    said = talk.filled
    row = find_by_number(session, booking)
    kind = _text(said.get("complaint"))
    service, city = _text(said.get("about_service")), _text(said.get("about_city"))
    named = service if session.get(ServiceRow, service) else _text(said.get("about_id"))
    return ComplaintDraft(
        kind=kind if kind in KINDS else "",
        service=row.service_id if row else named,
        department="" if named or row else _text(said.get("about"))[:LONGEST_NAME],
        city=row.city_id if row else city if session.get(CityRow, city) else "",
        place="" if city or row else _text(said.get("place"))[:LONGEST_NAME],
        booking=row.number if row else "",
        text=_transcript(talk),
        confidential="1" if kind in CONFIDENTIAL_KINDS else "",
        mobile=_text(said.get("mobile")) or (row.mobile if row else talk.mobile),
        language=row.language if row else talk.language,
        note=_text(said.get("what_note")),
    )


def sent() -> ComplaintDraft:
    """As it was typed."""
    return ComplaintDraft(**{field.name: typed(field.name) for field in fields(ComplaintDraft)})


def wrong(given: ComplaintDraft, talk: Talk) -> Problems:
    """What has to be corrected, by field, before it can be registered."""
    found: Problems = {}
    if given.kind not in KINDS:
        found["kind"] = Problem("no_kind")
    if not mobile_digits(given.mobile):
        found["mobile"] = Problem("bad_mobile")
    for name in ("department", "place"):
        if len(getattr(given, name)) > LONGEST_NAME:
            found[name] = Problem("too_long", {"n": LONGEST_NAME})
    if len(given.text) > LONGEST_TEXT:
        found["text"] = Problem("too_long", {"n": LONGEST_TEXT})
    if not given.text and not _note_of(given, talk):
        found["text"] = Problem("no_text")
    return found


def order_of(given: ComplaintDraft, talk: Talk) -> NewComplaint:
    """What is registered; after `wrong` has found nothing."""
    return NewComplaint(
        kind=given.kind,
        mobile=given.mobile,
        language=given.language if given.language in LANGUAGES else talk.language,
        conversation=talk.conversation,
        caller=talk.caller,
        service=None if given.service.startswith("department.") else given.service or None,
        department=_department(given),
        city=given.city or None,
        place="" if given.city else given.place,
        booking=given.booking or None,
        note=_note_of(given, talk),
        text=given.text,
        channel="desk",
        confidential=bool(given.confidential),
        replay_key=f"{talk.conversation}/{sha256(repr(given).encode()).hexdigest()[:16]}",
    )


def refused(error: BookingError) -> Problems:
    """Where the form says what the domain has refused."""
    return {FIELD_OF.get(error.code, ""): Problem("no_booking" if error.code == "not_found" else error.code)}


def _department(given: ComplaintDraft) -> str:
    if given.service.startswith("department."):
        return given.service[:LONGEST_NAME]
    return "" if given.service else given.department


def _note_of(given: ComplaintDraft, talk: Talk) -> str | None:
    return given.note if given.note in {n.id for n in talk.notes} else None


def _transcript(talk: Talk) -> str:
    """What was typed instead of spoken."""
    row = next((n for n in talk.notes if n.id == talk.filled.get("what_note")), None)
    return row.text if row is not None and not row.seconds else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
