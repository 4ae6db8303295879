"""What a notice may say of the record that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking.wording import Notices
from models.appeals import Appeal
from models.base import table
from models.bookings import Booking
from models.catalogue import CityRow, ServiceRow
from models.complaints import Complaint, EscalationLevel
from models.executives import Executive
from models.prepared import Prepared
from models.waiting import Waiting

_executive = table(Executive).c
_NAMES = Prepared(select(_executive.hi, _executive.en).where(_executive.id == bindparam("executive")))
Subject = Booking | Complaint | Appeal | Waiting


def facts(session: Session, wording: Notices, subject: Subject) -> Mapping[str, Any]:
    """The values of all variables that `subject` has; what is not known is None or empty."""
    if isinstance(subject, Booking):
        return _booking(session, subject)
    if isinstance(subject, Complaint):
        return _complaint(session, subject)
    if isinstance(subject, Appeal):
        return {
            "number": subject.number,
            "due": subject.decide_by,
            "outcome": wording.outcomes.get(subject.outcome, subject.outcome),
        }
    start = subject.slot.starts_at if subject.slot else None
    return {"service": subject.service, "city": subject.city, "when": start, "until": subject.offer_until}


def just_booked(
    number: str, service: ServiceRow, city: Mapping[str, str], when: datetime, visit_fee: int
) -> Mapping[str, Any]:
    """The same of a booking of which nothing but the beginning is known; `visit_fee` in rupees."""
    rupees = None if service.fee is None else service.fee + visit_fee
    known = {"number": number, "service": service, "city": city, "when": when, "rupees": rupees}
    return {**known, "due": None, "executive": None, "card": None, "reason": "", "missing": []}


def _booking(session: Session, booking: Booking) -> Mapping[str, Any]:
    names = _NAMES.first(session, {"executive": booking.executive_id}) if booking.executive_id else None
    return {
        "number": booking.number,
        "service": booking.service,
        "city": booking.city,
        "when": booking.starts_at,
        "due": booking.due_on,
        "executive": names._asdict() if names else None,
        "card": booking.executive_id,
        "rupees": None if booking.fee is None else booking.fee + booking.visit_fee,
        "reason": booking.reason,
        "missing": booking.missing,
    }


def _complaint(session: Session, complaint: Complaint) -> Mapping[str, Any]:
    service = session.get(ServiceRow, complaint.service_id) if complaint.service_id else complaint.department
    city = session.get(CityRow, complaint.city_id) if complaint.city_id else complaint.place
    return {"number": complaint.number, "service": service, "city": city, "office": _office(session, complaint)}


def _office(session: Session, complaint: Complaint) -> Mapping[str, str] | None:
    """Who answers at the complaint's level; a level of its own kind goes before the one of any kind."""
    level = session.scalars(
        select(EscalationLevel)
        .where(EscalationLevel.kind.in_((complaint.kind, "")), EscalationLevel.level == complaint.level)
        .order_by(EscalationLevel.kind.desc())
    ).first()
    return {"hi": level.hi, "en": level.en} if level else None
