"""A change of the calendar is carried out; when it touches bookings they are shown first."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as Answer

from booking.calendar_changes import By, Change, Touches, change
from booking.clearing import carry_out, where_of
from booking.desk.stranded_tasks import gather_stranded
from booking.stranded import stranded
from console.accounts.parts import onward
from console.closures.deps import calendar_deps
from console.closures.parts import names_of, show
from console.closures.typed import consent
from console.deps import deps
from console.person import who
from models.opening import Clearing

AT_ONCE = 100  # bookings that are moved while somebody waits for the page, some 20 ms each; the job moves more
OURS = ("csrf_token", "then", "seen")


def carried(what: Change, back: str, said: str) -> Answer:
    """Carry out `what` and go `back`, or ask about the bookings that it touches. Raises CalendarError."""
    ours, now = deps(), deps().now()
    rules = calendar_deps().rules
    try:
        with ours.store.begin() as session:
            order = change(session, now, rules, what, By(who(), consent()))
    except Touches as touches:
        return _asked(touches, back)
    if order is not None:
        _begun(order)
    gather_stranded(ours.store, now, rules)
    # Forms lead to themselves, so that a refusal is seen; what was done is said at the beginning of the page.
    return onward(back, "said_moving" if order else said, _anchor="main")


def _begun(order: Clearing) -> None:
    ours, own, now = deps(), calendar_deps(), deps().now()
    with ours.store.read() as session:
        many = len(stranded(session, now, own.rules, where_of(order)))
    if many <= AT_ONCE:
        carry_out(ours.store, now, own.rules, order.id, own.wording)


def _asked(touches: Touches, back: str) -> Answer:
    """The bookings, and what is to become of them; the change itself stands in hidden fields."""
    with deps().store.read() as session:
        names = names_of(session)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in OURS]
    moved = sum(touch.to is not None for touch in touches.found)
    return show("touched", 409, found=touches.found, mark=touches.mark, fields=fields, back=back, names=names,
                again="seen" in request.form, moved=moved)  # fmt: skip
