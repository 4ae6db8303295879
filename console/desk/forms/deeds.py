"""What an agent does to a booking: another time, called off, another stage, name and address corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import assignment, audit, moving, staging
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.audit import Deed
from booking.details import Details, correct
from booking.errors import BookingError, NotFound
from booking.tracking import by_number
from booking.zone import local
from console.deps import deps
from console.desk.forms import draft as drafts
from console.desk.forms.again import Again, refused
from console.desk.forms.booking import page
from console.desk.forms.deps import forms
from console.desk.forms.parts import Problem, Problems, actor, onward, typed, version
from console.desk.forms.source import conversation_of, source
from console.desk.forms.times import start_of
from console.person import who
from console.showing import problem
from console.words import LANGUAGES
from ivr.gate import open_to
from models.bookings import Booking

Act = Callable[[Session, Booking], object]
LONGEST_REASON = 300  # characters
DEEDS = {
    "move": "booking.moved",
    "cancel": "booking.cancelled",
    "stage": "booking.stage",
    "details": "booking.corrected",
}
"""As they stand in the audit trail, by form."""
FIELDS = {**drafts.FIELD_OF, "missing": "missing", "why": "why"}


def _deed(name: str, said: str, check: Callable[[Booking], Problems], act: Act) -> Callable[[str], Answer]:
    """A view that changes a booking, or shows its page again with everything that was typed."""

    def view(number: str) -> Answer:
        try:
            with deps().store.begin() as session:
                row = by_number(session, number)
                wrong = check(row)
                if not wrong:
                    before = _shown(row)
                    act(session, row)
                    _noted(session, name, row, before)
        except NotFound:
            return problem("missing", 404)
        except BookingError as error:
            return page(number, refused(name, error, FIELDS))
        if wrong:
            return page(number, Again(name, wrong))
        return onward("forms.booking", said, number=number, **source().link)

    view.__doc__ = f"The form {name!r} was sent."
    return open_to(AGENT, SUPERVISOR)(view)


def _shown(row: Booking) -> Mapping[str, Any]:
    """What of a booking stands in the audit trail: nothing that leads to the citizen."""
    return {"stage": row.stage, "starts_at": local(row.starts_at).isoformat(), "version": row.version}


def _noted(session: Session, name: str, row: Booking, before: Mapping[str, Any]) -> None:
    if row.version != before["version"]:
        deed = Deed(DEEDS[name], f"booking:{row.number}", before, _shown(row))
        audit.note(session, deps().now(), who(), deed)


def _check_move(row: Booking) -> Problems:
    return {} if start_of(typed("slot")) else {"slot": Problem("no_slot")}


def _move(session: Session, row: Booking) -> None:
    own, start = forms(), start_of(typed("slot"))
    assert start is not None
    spoken = conversation_of(session, source())
    moving.move(session, deps().now(), own.rules, row, start, actor(), conversation=spoken,
                expected_version=version(), wording=own.wording)  # fmt: skip


def _check_cancel(row: Booking) -> Problems:
    reason = typed("reason")
    if not reason:
        return {"reason": Problem("no_reason")}
    return {"reason": Problem("too_long", {"n": LONGEST_REASON})} if len(reason) > LONGEST_REASON else {}


def _cancel(session: Session, row: Booking) -> None:
    own = forms()
    moving.cancel(session, deps().now(), own.rules, row, actor(), typed("reason"),
                  expected_version=version(), wording=own.wording)  # fmt: skip


def _check_stage(row: Booking) -> Problems:
    to = typed("to")
    if not to:
        return {"to": Problem("no_stage")}
    if to == "documents_needed" and not _missing():
        return {"missing": Problem("no_missing")}
    return {}


def _missing() -> list[str]:
    """The documents that were ticked, and those that were typed, one a line."""
    ticked = [name[:200] for name in request.form.getlist("missing")[:30]]
    return [name for name in (*ticked, *typed("more").split("\n")[:10]) if name.strip()]


def _stage(session: Session, row: Booking) -> None:
    own, to, now = forms(), typed("to"), deps().now()
    if to == "assigned":
        options: assignment.AssignOptions = {"expected_version": version(), "wording": own.wording}
        assignment.assign(session, now, row, actor(), None, **options)
        return
    data = {"missing": _missing()} if to == "documents_needed" else None
    staging.take(session, now, row, to, actor(), typed("why"), expected_version=version(), data=data,
                 wording=own.wording)  # fmt: skip


def _check_details(row: Booking) -> Problems:
    return drafts.wrong_address(drafts.sent())


def _details(session: Session, row: Booking) -> None:
    given = drafts.sent()
    spoken = given.language if given.language in LANGUAGES else row.language
    wanted = Details(given.name, given.address, given.pin, spoken)
    correct(session, deps().now(), row, wanted, actor(), version())


move_now = _deed("move", "said_moved", _check_move, _move)
cancel_now = _deed("cancel", "said_cancelled", _check_cancel, _cancel)
stage_now = _deed("stage", "said_stage", _check_stage, _stage)
details_now = _deed("details", "said_details", _check_details, _details)
