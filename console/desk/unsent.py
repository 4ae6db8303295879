"""What an agent types into the forms of a call is kept as it is typed: a page that is loaded again has it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from flask import Response, current_app, jsonify, request, url_for
from sqlalchemy.orm import Session

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk import unsent
from booking.desk.unsent import Place
from booking.errors import Conflict
from console.deps import deps
from console.desk.forms.complaint_draft import ComplaintDraft
from console.desk.forms.draft import Draft
from console.desk.forms.parts import number_in, typed
from console.desk.forms.source import Source, source
from console.person import person
from console.showing import problem
from ivr.gate import open_to

FIELDS = {
    "finish": ("disposition", "note"),
    "new": tuple(one.name for one in fields(Draft)),
    "complaint": tuple(one.name for one in fields(ComplaintDraft)),
}
"""The forms that are kept, with their fields."""


@dataclass(frozen=True)
class Kept:
    """What was typed into a form: its fields ({}: nothing), the version for the next change, and the address that
    takes it ("": nothing is kept here)."""

    fields: dict[str, Any]
    version: int
    address: str


def kept(session: Session, of: Source, form: str) -> Kept:
    """What I have typed into this form of `of`."""
    place = _place(of, form)
    if place is None or "desk.unsent" not in current_app.view_functions:
        return Kept({}, 0, "")
    row = unsent.find(session, place)
    about: dict[str, Any] = {**of.fields}
    address = url_for("desk.unsent", form=form, **about)
    return Kept(row.fields, row.version, address) if row else Kept({}, 0, address)


def last(session: Session, of: Source) -> str:
    """The form of `of` into which I have typed last."""
    return unsent.latest(session, person().account_id, _subject(of))


def sent(session: Session, of: Source, form: str) -> None:
    """The form was sent: in the transaction of what came of it."""
    place = _place(of, form)
    if place is not None:
        unsent.sent(session, deps().now(), place)


@open_to(AGENT, SUPERVISOR)
def keep(form: str) -> Response:
    """Keep what stands in the form; the new version, or with 409 the one that another page of mine has made."""
    place = _place(source(), form) if form in FIELDS else None
    if place is None:
        return problem("missing", 404)
    given = {name: typed(name) for name in FIELDS[form] if typed(name)}
    try:
        with deps().store.begin() as session:
            version = unsent.keep(session, deps().now(), place, given, number_in(request.form.get("known", "")) or 0)
    except Conflict:
        with deps().store.read() as session:
            row = unsent.find(session, place)
        return _answer(row.version if row else 0, 409)
    return _answer(version)


def _answer(version: int, status: int = 200) -> Response:
    response = jsonify(version=version)
    response.status_code = status
    return response


def _place(of: Source, form: str) -> Place | None:
    """None for a form that belongs to no conversation: whoever opens it anew means another citizen."""
    return None if of.kind == "key" else Place(person().account_id, _subject(of), form)


def _subject(of: Source) -> str:
    return f"{of.kind}:{of.id}"
