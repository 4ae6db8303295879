"""A new complaint: the form filled in from the conversation, and its registration."""

from __future__ import annotations

from flask import Response, g, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.audit import Deed
from booking.complaint_stages import CONFIDENTIAL_KINDS, KINDS
from booking.complaints import register
from booking.errors import BookingError, NotFound
from booking.services import cities, services
from console.deps import deps
from console.desk import unsent
from console.desk.forms import complaint_draft as drafts
from console.desk.forms.complaint_draft import ComplaintDraft
from console.desk.forms.deps import forms
from console.desk.forms.nav import nav
from console.desk.forms.parts import Problems, actor, onward, show
from console.desk.forms.source import Source, Talk, source, talk
from console.person import who
from console.showing import problem
from ivr.gate import open_to

FORM = "complaint"


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
        about = request.args.get("booking", "")
        given = _unsent(session, of, about)
        return _form(session, of, spoken, given or drafts.prefilled(session, spoken, about), {}, given is not None)


@open_to(AGENT, SUPERVISOR)
def new_now() -> Answer:
    """The form was sent: registered, or shown again with everything that was typed."""
    of, given = source(), drafts.sent()
    if "afresh" in request.form:
        return _afresh(of)
    try:
        with deps().store.read() as session:
            spoken = talk(session, of)
        wrong = drafts.wrong(given, spoken)
        if wrong:
            return _again(of, spoken, given, wrong)
        with deps().store.begin() as session:
            number = _registered(session, given, spoken)
            unsent.sent(session, of, FORM)
    except NotFound as error:
        if not given.booking:
            return problem("missing", 404)
        return _again(of, spoken, given, drafts.refused(error))
    except BookingError as error:
        return _again(of, spoken, given, drafts.refused(error))
    return onward("forms.complaint", "said_complained", number=number, **of.link)


def _unsent(session: Session, of: Source, about: str) -> ComplaintDraft | None:
    """What I had typed before the page was loaded again, unless a complaint about another booking is wanted now."""
    typed = unsent.kept(session, of, FORM).fields
    return ComplaintDraft(**typed) if typed and about in ("", typed.get("booking")) else None


def _afresh(of: Source) -> Answer:
    with deps().store.begin() as session:
        unsent.sent(session, of, FORM)
    return onward("forms.complaint_new", **of.link)


def _registered(session: Session, given: ComplaintDraft, spoken: Talk) -> str:
    now, wording = deps().now(), forms().wording
    made = register(session, now, drafts.order_of(given, spoken), wording, actor())
    audit.note(session, now, who(), Deed("complaint.made", f"complaint:{made.number}"))
    return made.number


def _again(of: Source, spoken: Talk, given: ComplaintDraft, wrong: Problems) -> Response:
    with deps().store.read() as session:
        return _form(session, of, spoken, given, wrong)


def _form(
    session: Session, of: Source, spoken: Talk, given: ComplaintDraft, wrong: Problems, restored: bool = False
) -> Response:
    return show(
        "complaint_new",
        400 if wrong else 200,
        problems=wrong,
        given=given,
        kinds=KINDS,
        always=CONFIDENTIAL_KINDS,
        services=services(session),
        departments=drafts.DEPARTMENTS,
        cities=cities(session),
        talk=spoken,
        source=of,
        nav=nav(session, of, spoken, "complaint"),
        kept=unsent.kept(session, of, FORM),
        restored=restored,
    )
