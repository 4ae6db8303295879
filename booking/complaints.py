"""Complaints about any government service: from registration to the end on the citizen's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.bookings import find_by_number
from booking.complaint_answers import answer, assign, resolve
from booking.complaint_changes import Change, note_event
from booking.complaint_closing import close, close_due, rate, reopen
from booking.complaint_stages import CONFIDENTIAL_KINDS, KINDS
from booking.complaint_window import reopen_until
from booking.errors import BadMobile, BadValue, NotFound
from booking.escalation import due_after, levels
from booking.notices import Notices, write_notice
from booking.numbered import insert, known
from booking.numbers import complaint_number
from booking.phone import mobile as mobile_digits
from booking.privacy import masked
from booking.services import covered
from models.bookings import Booking
from models.catalogue import ServiceRow
from models.complaints import Complaint
from models.voice_notes import VoiceNote

__all__ = [
    "NewComplaint",
    "answer",
    "assign",
    "by_mobile",
    "by_number",
    "close",
    "close_due",
    "rate",
    "register",
    "reopen",
    "reopen_until",
    "resolve",
]

LONGEST_TEXT, LONGEST_NAME = 4000, 200  # characters


@dataclass(frozen=True)
class NewComplaint:
    """What a citizen complains about. `service` and `city` are ids of ours, else `department` and `place` say it;
    `booking` is a booking's number, `note` a voice note's id, `caller` the calling number.

    `replay_key` names what the conversation or the program asked for, so that a replay registers once.
    """

    kind: str
    mobile: str
    language: str = "hi"
    conversation: str | None = None
    caller: str | None = None
    service: str | None = None
    department: str = ""
    city: str | None = None
    place: str = ""
    booking: str | None = None
    note: str | None = None
    text: str = ""
    channel: str = "phone"
    confidential: bool = False
    replay_key: str | None = None


def register(
    session: Session,
    now: datetime,
    what: NewComplaint,
    wording: Notices | None = None,
    actor: Actor = CALLER,
) -> Complaint:
    """The complaint, registered once however often it is asked for; confidential always for a bribe.

    Raises BadValue (kind, lengths), BadMobile, NotFound (service, booking, voice note), CityNotCovered.
    """
    before = known(session, Complaint, what.replay_key)
    if before is not None:
        return before
    complaint = _checked(session, now, what)
    first = next(iter(levels(session, what.kind)), None)
    complaint.level = first.level if first else 1
    complaint.due_at = due_after(session, now, first)
    made = insert(session, complaint, complaint_number)
    if made is complaint:
        note_event(session, now, complaint, actor, Change(), None)
        write_notice(session, now, complaint, "complaint_registered", wording, actor)
    return made


def by_number(session: Session, number: str) -> Complaint | None:
    """The complaint with this number."""
    return session.scalars(select(Complaint).where(Complaint.number == number)).one_or_none()


def by_mobile(session: Session, mobile: str) -> list[Complaint]:
    """The complaints of a mobile number in any spelling, newest first."""
    digits = mobile_digits(mobile)
    found = select(Complaint).where(Complaint.mobile == (digits or ""))
    return list(session.scalars(found.order_by(Complaint.created_at.desc(), Complaint.id.desc())))


def _checked(session: Session, now: datetime, what: NewComplaint) -> Complaint:
    if what.kind not in KINDS:
        raise BadValue(f"kind: one of {', '.join(KINDS)}")
    if len(what.text) > LONGEST_TEXT or max(len(what.department), len(what.place)) > LONGEST_NAME:
        raise BadValue(f"text: at most {LONGEST_TEXT} characters, department and place {LONGEST_NAME}")
    digits = mobile_digits(what.mobile)
    if digits is None:
        raise BadMobile
    booking = _booking(session, what.booking)
    service = what.service or (booking.service_id if booking and not what.department else None)
    if service is not None and session.get(ServiceRow, service) is None:
        raise NotFound(f"service {service}")
    if what.note is not None and session.get(VoiceNote, what.note) is None:
        raise NotFound(f"voice note {what.note}")
    if what.city is not None:
        covered(session, what.city)
    return Complaint(
        replay_key=what.replay_key,
        kind=what.kind,
        confidential=what.confidential or what.kind in CONFIDENTIAL_KINDS,
        booking_id=booking.id if booking else None,
        service_id=service,
        department=str(masked(what.department)).strip(),
        city_id=what.city or (booking.city_id if booking and not what.place else None),
        place=str(masked(what.place)).strip(),
        note_id=what.note,
        text=str(masked(what.text)).strip(),
        mobile=digits,
        language=what.language,
        caller=what.caller,
        conversation_id=what.conversation,
        channel=what.channel,
        stage="registered",
        created_at=now,
        updated_at=now,
    )


def _booking(session: Session, number: str | None) -> Booking | None:
    if number is None:
        return None
    booking = find_by_number(session, number)
    if booking is None:
        raise NotFound(f"booking {number}")
    return booking
