"""Parts of a form that follow what is chosen in it: free times, a seat kept for a moment, documents of a service."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy.orm import Session

from booking import holds
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.areas import areas
from booking.errors import BookingError
from booking.tracking import by_number
from console import showing
from console.deps import deps
from console.desk.forms.deps import forms
from console.desk.forms.papers import papers_of
from console.desk.forms.parts import WORDS, Problem, Problems, typed
from console.desk.forms.source import conversation_of, source
from console.desk.forms.times import Where, day_of, start_of, times
from ivr.gate import open_to
from models.catalogue import ServiceRow


@open_to(AGENT, SUPERVISOR, idle=True)
def free() -> Response:
    """The free times of the form's place and day; with `place` its areas, too. The page asks again by itself."""
    with deps().store.read() as session:
        try:
            return _shown(session, _where(session), {})
        except BookingError:
            return showing.problem("missing", 404)


@open_to(AGENT, SUPERVISOR)
def hold() -> Response:
    """Keep a seat at the chosen time while the form is filled in."""
    ours, wrong, start = deps(), {}, start_of(typed("slot"))
    try:
        with ours.store.begin() as session:
            where = _where(session)
            if start is not None:
                holds.hold(session, ours.now(), forms().rules, where.city, start, where.conversation, area=where.area)
    except BookingError as error:
        wrong = {"slot": Problem(error.code)}
    with ours.store.read() as session:
        try:
            return _shown(session, _where(session), wrong)
        except BookingError:
            return showing.problem("missing", 404)


@open_to(AGENT, SUPERVISOR)
def papers() -> Response:
    """Documents and fee of a service."""
    with deps().store.read() as session:
        chosen = papers_of(session.get(ServiceRow, request.args.get("service", "")[:64].replace("\x00", "")))
    return showing.show("forms/papers.html", WORDS, papers=chosen)


def _where(session: Session) -> Where:
    """The form's place: that of the booking which is moved, else the one chosen. Raises NotFound."""
    spoken = conversation_of(session, source())
    number = typed("number")
    if number:
        moved = by_number(session, number)
        return Where(moved.city_id, moved.slot.area, spoken)
    return Where(typed("city"), typed("area"), spoken)


def _shown(session: Session, where: Where, wrong: Problems) -> Response:
    wish = (day_of(typed("day")), typed("slot"))
    found = times(session, deps().now(), forms().rules, where, wish)
    parts = areas(session, where.city) if request.args.get("place") and where.city else []
    return showing.show(
        "forms/chosen.html",
        WORDS,
        times=found,
        problems=wrong,
        place=bool(request.args.get("place")),
        areas=parts,
        given={"area": where.area},
    )
