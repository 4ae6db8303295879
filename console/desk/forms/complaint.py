"""One complaint: what it is about, what happened, and what an agent may do with it now."""

from __future__ import annotations

from flask import Response, g
from sqlalchemy.orm import Session

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.appeals import eligible
from booking.complaint_stages import OPEN
from booking.complaints import reopen_until
from booking.confidential import said_in
from booking.errors import NotFound
from booking.zone import local_day
from console.deps import deps
from console.desk.forms import changed
from console.desk.forms.again import Again
from console.desk.forms.deps import forms
from console.desk.forms.nav import record_nav
from console.desk.forms.parts import number_in, said, show, typed
from console.desk.forms.record import complaint_of, look, opened, subject_of
from console.desk.forms.source import source
from console.showing import problem
from ivr.gate import open_to
from models.bookings import Booking
from models.catalogue import CityRow, ServiceRow
from models.complaints import Complaint


@open_to(AGENT, SUPERVISOR, seen="complaint")
def complaint(number: str) -> Response:
    """The page."""
    g.seen = number[:20]
    return page(number)


def page(number: str, again: Again | None = None) -> Response:
    """The page, with the form that was not taken as it was typed."""
    try:
        with deps().store.read() as session:
            subject = subject_of(complaint_of(session, number))
        look(subject)
        with deps().store.read() as session:
            return _page(session, complaint_of(session, number), again or Again())
    except NotFound:
        return problem("missing", 404)


def ways(session: Session, row: Complaint) -> list[str]:
    """What an agent may do with it now: answer or resolve for the office; rate, reopen, close on the citizen's word."""
    if row.stage in OPEN:
        return ["answer", "resolve", "close"]
    until = reopen_until(row, forms().complaints)
    ratable = row.stage == "resolved" or (row.stage == "closed" and row.rating is None)
    found = ["rate"] if ratable and row.resolved_at else []
    found += ["reopen"] if until is not None and local_day(deps().now()) <= until else []
    return found + (["close"] if row.stage == "resolved" else [])


def _page(session: Session, row: Complaint, again: Again) -> Response:
    of = source()
    shown_event = number_in(typed("event")) if again.conflict else None
    return show(
        "complaint",
        409 if again.conflict else 400 if again.problems else 200,
        number=row.number,
        complaint=row,
        text=said_in(row),
        service=session.get(ServiceRow, row.service_id) if row.service_id else None,
        city=session.get(CityRow, row.city_id) if row.city_id else None,
        booking=session.get(Booking, row.booking_id) if row.booking_id else None,
        open=opened(session, row, subject_of(row), shown_event),
        steps=changed.steps(session, row.events),
        again=again,
        problems=again.problems,
        given={name: typed(name) for name in ("way", "words", "rating", "text")},
        ways=ways(session, row),
        appeal=eligible(session, deps().now(), row, forms().appeals),
        source=of,
        nav=record_nav(session, of),
        said=said() if not again.form else "",
    )
