"""A new booking: the form filled in from the conversation, free times while it is filled in, the booking itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Response, g, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit, waiting
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.areas import areas
from booking.audit import Deed
from booking.bookings import book
from booking.errors import BookingError, NotFound
from booking.services import cities, open_services
from booking.zone import local_day
from console.deps import deps
from console.desk import unsent
from console.desk.forms import draft as drafts
from console.desk.forms.deps import forms
from console.desk.forms.draft import Draft
from console.desk.forms.nav import nav
from console.desk.forms.papers import papers_of
from console.desk.forms.parts import Problems, onward, said, show
from console.desk.forms.source import Source, Talk, source, talk
from console.desk.forms.times import Where, day_of, times, wished_day
from console.person import who
from console.showing import problem
from ivr.gate import open_to
from models.catalogue import ServiceRow

FORM = "new"
for_agents = open_to(AGENT, SUPERVISOR)


@open_to(AGENT, SUPERVISOR, seen="handoff")
def new() -> Response:
    """The form, filled in from the conversation."""
    of = source()
    g.seen = of.id
    with deps().store.read() as session:
        try:
            spoken = talk(session, of)
        except NotFound:
            return problem("missing", 404)
        return _form(session, of, spoken, _unsent(session, of) or _prefilled(session, spoken))


@for_agents
def new_now() -> Answer:
    """The form was sent: booked, or shown again with everything that was typed. The button for free times comes here
    too, in a browser without scripts."""
    of, given = source(), drafts.sent()
    if "afresh" in request.form:
        return _afresh(of)
    try:
        spoken = _talk(of)
        if "wait" in request.form:
            return _waits(of, spoken, given)
        wrong = _wrong(given, drafts.wrong)
        if "show" in request.form or wrong:
            return _again(of, spoken, given, {} if "show" in request.form else wrong)
        with deps().store.begin() as session:
            number = _booked(session, given, spoken)
            unsent.sent(session, of, FORM)
    except NotFound:
        return problem("missing", 404)
    except BookingError as error:
        return _again(of, spoken, given, drafts.refused(error))
    return onward("forms.booking", "said_booked", number=number, **of.link)


def _unsent(session: Session, of: Source) -> Draft | None:
    """What I had typed before the page was loaded again."""
    typed = unsent.kept(session, of, FORM).fields
    return drafts.known(session, Draft(**typed)) if typed else None


def _afresh(of: Source) -> Answer:
    with deps().store.begin() as session:
        unsent.sent(session, of, FORM)
    return onward("forms.new", **of.link)


def _prefilled(session: Session, spoken: Talk) -> Draft:
    given = drafts.known(session, drafts.prefilled(spoken))
    where = Where(given.city, given.area, spoken.conversation)
    day = given.day or wished_day(session, deps().now(), forms().rules, where, spoken.filled)
    return replace(given, day=day)


def _talk(of: Source) -> Talk:
    with deps().store.read() as session:
        return talk(session, of)


def _wrong(given: Draft, check: Callable[[Session, Draft], Problems]) -> Problems:
    with deps().store.read() as session:
        return check(session, given)


def _waits(of: Source, spoken: Talk, given: Draft) -> Answer:
    """A place on the waiting list was asked for. Raises BookingError."""
    wrong = _wrong(given, drafts.wrong_for_waiting)
    if wrong:
        return _again(of, spoken, given, wrong)
    with deps().store.begin() as session:
        row = waiting.join(session, deps().now(), _wish(given, spoken), forms().wording)
        unsent.sent(session, of, FORM)
        audit.note(session, deps().now(), who(), Deed("waiting.joined", f"waiting:{row.id}"))
    return onward("forms.records" if spoken.caller else "forms.new", "said_waiting", **of.link)


def _wish(given: Draft, spoken: Talk) -> waiting.NewWaiting:
    first, last = waiting.days_for(deps().now(), forms().rules, day_of(given.day))
    return waiting.NewWaiting(
        service=given.service,
        city=given.city,
        area=given.area,
        first_day=first,
        last_day=last,
        daypart=drafts.daypart(spoken),
        mobile=given.mobile,
        conversation=spoken.conversation,
        pin=given.pin,
        note=drafts.note_of(given, spoken),
        language=drafts.language_of(given, spoken),
        caller=spoken.caller,
        replay_key=f"{spoken.conversation}/{given.service}/{given.city}",
    )


def _booked(session: Session, given: Draft, spoken: Talk) -> str:
    ours, own = deps(), forms()
    made = book(session, ours.now(), own.rules, drafts.order_of(given, spoken), own.wording)
    audit.note(session, ours.now(), who(), Deed("booking.made", f"booking:{made.number}"))
    return made.number


def _again(of: Source, spoken: Talk, given: Draft, wrong: Problems) -> Response:
    with deps().store.read() as session:
        return _form(session, of, spoken, given, wrong)


def _form(session: Session, of: Source, spoken: Talk, given: Draft, wrong: Problems | None = None) -> Response:
    now, own = deps().now(), forms()
    where = Where(given.city, given.area, spoken.conversation)
    free = times(session, now, own.rules, where, (day_of(given.day), given.slot))
    return show(
        "new",
        400 if wrong else 200,
        problems=wrong or {},
        given=replace(given, day=free.day.isoformat() if free.day else given.day),
        services=open_services(session, local_day(now)),
        cities=cities(session),
        areas=areas(session, given.city) if given.city else [],
        times=free,
        papers=papers_of(session.get(ServiceRow, given.service)),
        talk=spoken,
        source=of,
        nav=nav(session, of, spoken, "new"),
        kept=unsent.kept(session, of, FORM),
        restored=wrong is None,
        said=said() if wrong is None else "",
    )
