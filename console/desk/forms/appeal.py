"""Appeals: registered about a booking or a complaint, and read."""

from __future__ import annotations

from flask import Response, g
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import appeals, audit
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.appeals import NewAppeal
from booking.audit import Deed
from booking.confidential import said_in
from booking.errors import BookingError, NotFound
from booking.numbers import kind_of
from console.deps import deps
from console.desk.forms import booking as booking_page
from console.desk.forms import changed
from console.desk.forms import complaint as complaint_page
from console.desk.forms.again import Again
from console.desk.forms.deps import forms
from console.desk.forms.nav import record_nav
from console.desk.forms.parts import Problem, Problems, actor, onward, said, show, typed
from console.desk.forms.record import found
from console.desk.forms.source import Source, source, talk
from console.person import who
from console.showing import problem
from ivr.gate import open_to
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint


@open_to(AGENT, SUPERVISOR)
def appeal_now(number: str) -> Answer:
    """The form on the page of a booking or a complaint was sent."""
    of, wrong = source(), _wrong()
    try:
        if not wrong:
            with deps().store.begin() as session:
                made = _registered(session, found(session, number), of)
            return onward("forms.appeal", "said_appealed", number=made, **of.link)
    except NotFound:
        return problem("missing", 404)
    except BookingError as error:
        wrong = {"": Problem(f"appeal_{error.code}")}
    again = Again("appeal", wrong)
    return complaint_page.page(number, again) if kind_of(number) == "complaint" else booking_page.page(number, again)


@open_to(AGENT, SUPERVISOR, seen="appeal")
def appeal(number: str) -> Response:
    """The page of an appeal; deciding it is the appellate office's affair."""
    g.seen = number[:20]
    of = source()
    with deps().store.read() as session:
        row = appeals.by_number(session, number) if kind_of(number) == "appeal" else None
        if row is None:
            return problem("missing", 404)
        return show(
            "appeal",
            number=row.number,
            appeal=row,
            text=said_in(row),
            about=_about(session, row),
            steps=changed.steps(session, row.events),
            source=of,
            nav=record_nav(session, of),
            said=said(),
        )


def _wrong() -> Problems:
    text = typed("text")
    if not text:
        return {"text": Problem("no_text")}
    return {"text": Problem("too_long", {"n": appeals.LONGEST_TEXT})} if len(text) > appeals.LONGEST_TEXT else {}


def _registered(session: Session, record: Booking | Complaint, of: Source) -> str:
    now, own, spoken = deps().now(), forms(), talk(session, of)
    made = appeals.register(
        session,
        now,
        NewAppeal(
            mobile=record.mobile,
            booking=record.number if isinstance(record, Booking) else None,
            complaint=record.number if isinstance(record, Complaint) else None,
            language=record.language,
            conversation=spoken.conversation,
            caller=spoken.caller,
            text=typed("text"),
            channel="desk",
            replay_key=f"{spoken.conversation}/appeal/{record.number}/{record.version}",
        ),
        actor(),
        wording=own.wording,
        rules=own.appeals,
    )
    audit.note(session, now, who(), Deed("appeal.made", f"appeal:{made.number}"))
    return made.number


def _about(session: Session, row: Appeal) -> Booking | Complaint:
    if row.booking_id is not None:
        return session.get_one(Booking, row.booking_id)
    return session.get_one(Complaint, row.complaint_id)
