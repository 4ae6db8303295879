"""A record open on the screen: who else looks at it, and what others have changed since it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import Response, request
from sqlalchemy.orm import Session

from booking import viewings
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.complaints import by_number as complaint_by_number
from booking.errors import NotFound
from booking.numbers import kind_of
from booking.tracking import by_number as booking_by_number
from console import showing
from console.deps import deps
from console.desk.forms import changed
from console.desk.forms.changed import Step
from console.desk.forms.parts import WORDS, number_in
from console.person import person
from ivr.gate import open_to
from models.bookings import Booking
from models.complaints import Complaint


class Record(Protocol):
    """What has a number, a version and a history."""

    number: str
    version: int
    events: Any


@dataclass(frozen=True)
class Open:
    """An open record: who else looks at it (name, since), the version and the last event on the screen, and what others
    have done since."""

    subject: str
    version: int
    event: int
    others: Sequence[tuple[str, datetime]]
    since: Sequence[Step] = ()


def found(session: Session, number: str) -> Booking | Complaint:
    """The record with this number; raises NotFound."""
    return complaint_of(session, number) if kind_of(number) == "complaint" else booking_by_number(session, number)


def complaint_of(session: Session, number: str) -> Complaint:
    """The complaint with this number; raises NotFound."""
    row = complaint_by_number(session, number) if kind_of(number) == "complaint" else None
    if row is None:
        raise NotFound(f"complaint {number[:9]}")
    return row


def opened(session: Session, record: Record, subject: str, after: int | None = None) -> Open:
    """`record` as the page shows it now; with `after`, what has happened since that event."""
    there = viewings.others(session, deps().now(), subject, person().account_id)
    since = changed.steps(session, record.events, after) if after is not None else []
    return Open(subject, record.version, changed.last(record.events), changed.viewers(session, there), since)


def subject_of(record: Booking | Complaint) -> str:
    """Under which name its viewers are kept."""
    return f"{'booking' if isinstance(record, Booking) else 'complaint'}:{record.number}"


def look(subject: str) -> None:
    """Note that a page of the signed-in person shows `subject`."""
    with deps().store.begin() as session:
        viewings.looks(session, deps().now(), subject, person().account_id)


@open_to(AGENT, SUPERVISOR, idle=True)
def others(number: str) -> Response:
    """Who else has the record open, and whether it has been changed; the open page asks every few seconds, and notes by
    it that it is still open."""
    after = number_in(request.args.get("event", "")) or 0
    try:
        with deps().store.read() as session:
            subject = subject_of(found(session, number))
        look(subject)
        with deps().store.read() as session:
            now_open = opened(session, found(session, number), subject, after)
    except NotFound:
        return showing.problem("missing", 404)
    return showing.show("forms/others.html", WORDS, open=now_open, number=number, event=after)
