"""Records that a call script may ask for: bookings, complaints and places in line as they were before the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.offers import conversation_of
from booking.rules import VisitRules
from booking.seats import slot_at
from ivr.clock import ZONE
from models.bookings import Booking
from models.complaints import Complaint
from models.executives import Executive, Visit
from models.slots import SeatClaim
from models.waiting import Waiting

PIN, BEFORE = "492001", timedelta(days=2)
Situation = Callable[[Session, Mapping[str, Any]], None]


def booking(session: Session, what: Mapping[str, Any]) -> None:
    """`booking: {number: 20418833, service: pan_card, city: durg, starts_at: 2026-11-23T10:00, mobile: 9826401715}` and
    perhaps `stage`, `executive` (a name, with `badge`), `due_on`, `reason`, `missing`."""
    starts = _time(what["starts_at"])
    made = _time(what["made"]) if "made" in what else starts - BEFORE
    slot = slot_at(session, what["city"], starts)
    row = Booking(
        number=what["number"],
        service_id=what["service"],
        city_id=what["city"],
        slot=slot,
        mobile=what["mobile"],
        pin=PIN,
        language="hi",
        conversation_id="before",
        stage=what.get("stage", "booked"),
        due_on=date.fromisoformat(what["due_on"]) if "due_on" in what else None,
        reason=what.get("reason", ""),
        missing=list(what.get("missing", ())),
        visit_fee=VisitRules().visit_fee,
        created_at=made,
        updated_at=made,
    )
    session.add(row)
    session.flush()
    if row.stage in ("booked", "assigned"):
        session.add(SeatClaim(slot_id=slot.id, seat=1, booking_id=row.id))
    if "executive" in what:
        _assigned(session, row, what, made)


def _assigned(session: Session, row: Booking, what: Mapping[str, Any], made: datetime) -> None:
    name, badge = what["executive"], what["badge"]
    session.add(
        Executive(
            id=badge,
            hi=name,
            en=name,
            mobile="9000000001",
            city_id=row.city_id,
            weekdays=list(range(7)),
            capacity=8,
        )
    )
    session.flush()
    row.executive_id = badge
    session.add(Visit(booking_id=row.id, executive_id=badge, starts_at=row.slot.starts_at, assigned_at=made))


def complaint(session: Session, what: Mapping[str, Any]) -> None:
    """`complaint: {number: 300000003, kind: delay, mobile: 9826401715, made: 2026-11-10T10:00}` and perhaps `stage`,
    `answer`, `resolved` (a time), `rating`."""
    made = _time(what["made"])
    resolved = _time(what["resolved"]) if "resolved" in what else None
    session.add(
        Complaint(
            number=what["number"],
            kind=what["kind"],
            confidential=what["kind"] == "bribe",
            mobile=what["mobile"],
            language="hi",
            stage=what.get("stage", "registered"),
            answer=what.get("answer", ""),
            resolved_at=resolved,
            rating=what.get("rating"),
            created_at=made,
            updated_at=resolved or made,
        )
    )


def waiting(session: Session, what: Mapping[str, Any]) -> None:
    """`waiting: {mobile: 9826401715, service: pan_card, city: durg, starts_at: 2026-11-23T10:00, until: …}`: that seat
    is held for a caller who waits, until that time; perhaps `pin` ("": not said yet) and how many `offers` there
    were."""
    starts, until = _time(what["starts_at"]), _time(what["until"])
    slot = slot_at(session, what["city"], starts)
    row = Waiting(
        service_id=what["service"],
        city_id=what["city"],
        first_day=starts.date(),
        last_day=starts.date(),
        mobile=what["mobile"],
        pin=what.get("pin", PIN),
        language="hi",
        conversation_id="before",
        state="offered",
        offers=what.get("offers", 1),
        slot=slot,
        offered_at=until - timedelta(hours=2),
        offer_until=until,
        created_at=until - BEFORE,
        updated_at=until - timedelta(hours=2),
    )
    session.add(row)
    session.flush()
    session.add(SeatClaim(slot_id=slot.id, seat=1, conversation_id=conversation_of(row), expires_at=until))


def changed(session: Session, what: Mapping[str, Any]) -> None:
    """`changed: {number: 20418833}`: somebody else changes this booking or complaint."""
    for table in (Booking, Complaint):
        this = update(table).where(table.number == what["number"]).values(version=table.version + 1)
        session.execute(this)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


SITUATIONS: Mapping[str, Situation] = {
    "booking": booking,
    "complaint": complaint,
    "waiting": waiting,
    "changed": changed,
}
