"""One booking: where it stands, what it needs, what happened, and the changes that an agent may make now."""

from __future__ import annotations

from flask import Response, g
from sqlalchemy.orm import Session

from booking import stages
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.appeals import eligible
from booking.changes import fee_paid
from booking.errors import NotFound
from booking.tracking import by_number, status
from console.deps import deps
from console.desk.forms import changed
from console.desk.forms import draft as drafts
from console.desk.forms.again import Again
from console.desk.forms.deps import forms
from console.desk.forms.nav import record_nav
from console.desk.forms.papers import papers_of
from console.desk.forms.parts import number_in, said, show, typed
from console.desk.forms.record import look, opened, subject_of
from console.desk.forms.source import conversation_of, source
from console.desk.forms.times import Where, day_of, times
from console.showing import problem
from ivr.gate import open_to
from models.bookings import Booking

SLOTS = frozenset({"booked", "cancelled"})  # stages that have forms of their own


@open_to(AGENT, SUPERVISOR, seen="booking")
def booking(number: str) -> Response:
    """The page."""
    g.seen = number[:20]
    return page(number)


def page(number: str, again: Again | None = None) -> Response:
    """The page, with the form that was not taken as it was typed."""
    try:
        with deps().store.read() as session:
            subject = subject_of(by_number(session, number))
        look(subject)
        with deps().store.read() as session:
            return _page(session, by_number(session, number), again or Again())
    except NotFound:
        return problem("missing", 404)


def stages_for(session: Session, row: Booking) -> list[str]:
    """The stages to which an agent may take it by a word, in the order of the table."""
    paid = fee_paid(session, row)
    unfit = SLOTS | ({"fee_paid"} if paid else {"submitted"})
    return [to for to in stages.open_to(row.stage, "agent") if to not in unfit]


def _page(session: Session, row: Booking, again: Again) -> Response:
    now, own, of = deps().now(), forms(), source()
    free = None
    movable = stages.allowed(row.stage, "booked", "agent")
    if movable:
        where = Where(row.city_id, row.slot.area, conversation_of(session, of))
        free = times(session, now, own.rules, where, (day_of(typed("day")), typed("slot")))
    shown_event = number_in(typed("event")) if again.conflict else None
    return show(
        "booking",
        409 if again.conflict else 400 if again.problems else 200,
        number=row.number,
        booking=row,
        standing=status(session, now, own.rules, row),
        papers=papers_of(row.service),
        open=opened(session, row, subject_of(row), shown_event),
        steps=changed.steps(session, row.events),
        again=again,
        given=drafts.sent() if again.form else drafts.of_booking(row),
        problems=again.problems,
        times=free,
        stages=stages_for(session, row),
        movable=movable,
        cancellable=stages.allowed(row.stage, "cancelled", "agent"),
        correctable=row.stage not in stages.FINAL,
        appeal=eligible(session, now, row, own.appeals),
        source=of,
        nav=record_nav(session, of),
        said=said() if not again.form else "",
    )
