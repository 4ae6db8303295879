"""What an agent says of himself: ready, on a break, gone; which languages, and which telephone rings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking.accounts import sign_ins
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk import presence
from booking.desk.presence import BREAKS, Post
from booking.desk.retrying import in_turn
from booking.desk.versions import number
from booking.errors import BadValue, BookingError, Conflict
from console.deps import deps
from console.desk.deps import desk
from console.desk.parts import by_script, changed, home, me, seconds, show, unchanged
from console.desk.queues import names
from console.person import person
from console.words import LANGUAGES
from ivr.gate import open_to
from models.presence import Presence

CHOSEN = tuple(b for b in BREAKS if b not in ("no_answer", "gone"))  # those two are noticed, not chosen
LONGEST_PHONE = 30  # characters
LIVE = ("ready", "ringing", "talking")  # how a page's telephone says that it works
DENIED = "denied"  # how a page says that its microphone may not be used
Deed = Callable[[Session], object]


@open_to(AGENT, SUPERVISOR, idle=True)
def status() -> Response:
    """What I am doing; "unchanged" when the page shows it: a menu that is open stays open."""
    found = mine()
    return unchanged() if request.args.get("has") == str(found["key"]) else show("status", **found)


@open_to(AGENT, SUPERVISOR, idle=True)
def alive() -> Response:
    """The page is open and reaches us: calls may be offered to it. Who talks, or is ready by a telephone that works, is
    there also without a button; whose microphone was taken away gets no calls."""
    found = person()
    try:
        with deps().store.begin() as session:
            presence.seen(session, deps().now(), me())
            row = session.get(Presence, me())
            if row is not None and found.stale and _there(row):
                sign_ins.seen(session, deps().now(), found.sign_in_id)
            if row is not None and row.state == "ready" and _unheard(row):
                presence.pause(session, deps().now(), me(), "technical")
    except Conflict:
        pass  # a call was offered in this very moment; the next sign of life comes soon
    return unchanged()


def _there(row: Presence) -> bool:
    works = bool(row.phone) or request.form.get("telephone") in LIVE
    return row.state == "talking" or (row.state in ("ready", "offered") and works)


def _unheard(row: Presence | None) -> bool:
    """Whether nobody would hear this agent: the call comes to the page, whose microphone may not be used."""
    return not (row and row.phone) and request.form.get("microphone") == DENIED


@open_to(AGENT, SUPERVISOR)
def ready() -> Answer:
    """I take calls."""
    if _unheard(mine()["presence"]):
        return show("status", 409, wrong="microphone", **mine()) if by_script() else home()
    return _done(lambda session: presence.ready(session, deps().now(), me()))


@open_to(AGENT, SUPERVISOR)
def pause() -> Answer:
    """I take a break, now or after the call."""
    return _done(lambda session: presence.pause(session, deps().now(), me(), request.form.get("reason", "")))


@open_to(AGENT, SUPERVISOR)
def stay() -> Answer:
    """I take no break after the call."""
    return _done(lambda session: presence.stay(session, deps().now(), me()))


@open_to(AGENT, SUPERVISOR)
def leave() -> Answer:
    """I go."""
    return _done(lambda session: presence.leave(session, deps().now(), me()))


@open_to(AGENT, SUPERVISOR)
def post() -> Response:
    """The form: languages and telephone."""
    row = mine()["presence"]
    return _post(Post(row.languages, row.phone) if row else Post(LANGUAGES))


@open_to(AGENT, SUPERVISOR)
def post_now() -> Answer:
    """The form was sent."""
    spoken = [code for code in LANGUAGES if code in request.form.getlist("languages")]
    given = Post(spoken, request.form.get("phone", "").strip()[:LONGEST_PHONE])
    try:
        in_turn(deps().store, lambda session: presence.come(session, deps().now(), me(), given))
    except BadValue as error:
        return _post(given, 422, wrong=error.detail.partition(":")[0])
    return changed(_post(given, saved=True), "agents") if by_script() else home()


def _post(given: Post, status: int = 200, **values: Any) -> Response:
    """The form; the queues are shown only, as others say them."""
    row = mine()["presence"]
    taken = [name for queue, name in names().items() if row is None or not row.queues or queue in row.queues]
    return show("post", status, given=given, queues=taken, **values)


def mine() -> dict[str, Any]:
    """My presence (None: never at the desk), for how long, and what may be chosen."""
    with deps().store.read() as session:
        row = session.get(Presence, me())
    key = number([row.version, row.next_state, row.phone, row.languages] if row else [])
    return {"presence": row, "since": seconds(row.since) if row else 0, "breaks": CHOSEN, "key": key}


def _done(deed: Deed) -> Answer:
    """The state after `deed`, or why it was not possible."""
    wrong = ""
    try:
        in_turn(deps().store, lambda session: deed(_come(session)))
    except BookingError as error:
        wrong = error.code
    controls = desk().controls()
    if controls is not None:
        controls.kick()
    if not by_script():
        return home()
    return changed(show("status", 409 if wrong else 200, wrong=wrong, **mine()), "agents", "queue")


def _come(session: Session) -> Session:
    """At the desk for the first time: all languages, by the browser's telephone."""
    if session.get(Presence, me()) is None:
        presence.come(session, deps().now(), me(), Post(LANGUAGES))
    return session
