"""The forms of a call in hand: the one that fits what the caller wants, and the caller's records."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.errors import NotFound
from console.deps import deps
from console.desk import unsent
from console.desk.forms.nav import nav
from console.desk.forms.parts import said, show
from console.desk.forms.source import Source, source, talk
from console.showing import problem
from ivr.gate import open_to

RECORDS = frozenset({"move", "cancel", "track", "executive", "feedback", "appeal"})  # tasks about what there is already

BEGUN = {"new": "forms.new", "complaint": "forms.complaint_new"}  # a form half filled in is opened again


@open_to(AGENT, SUPERVISOR)
def forms_of(handoff: str) -> Answer:
    """To the form that the caller's wish asks for."""
    of = Source("handoff", handoff)
    if of.handoff is None:
        return problem("missing", 404)
    with deps().store.read() as session:
        try:
            return redirect(url_for(_first(session, of), handoff=of.id), 303)
        except NotFound:
            return problem("missing", 404)


def _first(session: Session, of: Source) -> str:
    begun = unsent.last(session, of)
    if begun in BEGUN:
        return BEGUN[begun]
    task = talk(session, of).filled.get("task")
    if task == "complaint":
        return "forms.complaint_new"
    return "forms.records" if task in RECORDS else "forms.new"


@open_to(AGENT, SUPERVISOR, seen="handoff")
def records() -> Response:
    """What the caller has already."""
    of = source()
    g.seen = of.id
    with deps().store.read() as session:
        try:
            spoken = talk(session, of)
        except NotFound:
            return problem("missing", 404)
        return show("records", source=of, talk=spoken, nav=nav(session, of, spoken, "records"), said=said())
