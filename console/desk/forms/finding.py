"""Finding a record by what a citizen says of it: its number, or the mobile that it was made for."""

from __future__ import annotations

from flask import Response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.audit import Deed
from booking.desk.card import who_calls
from booking.errors import NotFound
from booking.numbers import Kind, kind_of
from booking.phone import mask, mobile
from console.deps import deps
from console.desk.forms.nav import record_nav
from console.desk.forms.parts import Problem, Problems, onward, show, typed
from console.desk.forms.source import source
from console.person import who
from console.showing import problem
from ivr.gate import open_to

PAGES: dict[Kind, str] = {"booking": "forms.booking", "complaint": "forms.complaint", "appeal": "forms.appeal"}


@open_to(AGENT, SUPERVISOR)
def find() -> Response:
    """The form."""
    return _page("", {})


@open_to(AGENT, SUPERVISOR)
def find_now() -> Answer:
    """A number was sent, in the body and not in the address: addresses are written into logs."""
    asked = typed("asked")[:40]
    compact = "".join(c for c in asked if c.isalnum() or c == "+")
    kind = kind_of(compact)
    if kind is not None:
        return onward(PAGES[kind], number=compact, **source().link)
    if mobile(asked) is None:
        return _page(asked, {"asked": Problem("not_a_number")})
    with deps().store.begin() as session:
        audit.note(session, deps().now(), who(), Deed("mobile.seen", f"mobile:{mask(mobile(asked))}"))
    return _page(asked, {})


def _page(asked: str, wrong: Problems) -> Response:
    with deps().store.read() as session:
        try:
            return _shown(session, asked, wrong)
        except NotFound:
            return problem("missing", 404)


def _shown(session: Session, asked: str, wrong: Problems) -> Response:
    of = source()
    caller = who_calls(session, f"+91{mobile(asked)}") if asked and not wrong else None
    return show(
        "find",
        400 if wrong else 200,
        problems=wrong,
        asked=asked,
        caller=caller,
        source=of,
        nav=record_nav(session, of),
    )
