"""Listening in on a call between a caller and an agent: hearing both, speaking to the agent alone, or to both."""

from __future__ import annotations

import logging
from typing import Any, cast, get_args

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.accounts.roles import SUPERVISOR
from booking.audit import Deed
from booking.desk.line import of_conversation
from booking.errors import BookingError
from console import person
from console.deps import deps
from console.desk.deps import desk
from console.desk.parts import by_script, me, names
from console.desk.supervisor.parts import show
from ivr.bridge import BridgeFailed, Part
from ivr.gate import open_to
from models.queue import Handoff
from models.store import Store

PARTS: tuple[str, ...] = get_args(Part)
log = logging.getLogger(__name__)


def listened(conversation: str) -> dict[str, Any]:
    """Who is in the call of a conversation, and what part the asker has in it; for the templates."""
    ours = deps().store
    row = _open(ours, conversation)
    controls = desk().controls()
    seated = controls.state(row.id) if row is not None and controls is not None else ()
    with ours.read() as session:
        people = names(session, (one.who for one in seated))
    mine = next((one.how for one in seated if one.who == me()), "")
    return {
        "conversation": conversation, "open": row, "seated": seated, "inside": people,
        "mine": mine, "parts": PARTS, "joined": controls is not None,
    }  # fmt: skip


@open_to(SUPERVISOR, idle=True)
def state(id: str) -> Response:
    """Who is in the call by now."""
    return show("listen", problem="", **listened(id))


@open_to(SUPERVISOR)
def take(id: str) -> Answer:
    """Listen, whisper or join; "leave" ends it."""
    part = request.form.get("part", "")
    row = _open(deps().store, id)
    if part not in (*PARTS, "leave"):
        abort(400)
    problem = "over" if row is None else _done(row.id, part)
    if not by_script():
        return redirect(url_for("supervisor.page", call=id), 303)
    return show("listen", 409 if problem else 200, problem=problem, **listened(id))


def _done(handoff: int, part: str) -> str:
    """Do it and note it; what went wrong, as a code for the words ("": nothing)."""
    controls = desk().controls()
    if controls is None:
        return "away"
    try:
        if part == "leave":
            controls.unsupervise(me(), handoff)
        else:
            _note(handoff, part)  # first: what cannot be noted is not heard
            controls.supervise(me(), handoff, cast(Part, part))
    except BookingError:
        return "over"
    except BridgeFailed as error:
        log.warning("a supervisor cannot %s in handoff %d: %s", part, handoff, error)
        return "away"
    return ""


def _note(handoff: int, part: str) -> None:
    deed = Deed("handoff.supervised", f"handoff:{handoff}", None, {"part": part})
    with deps().store.begin() as session:
        audit.note(session, deps().now(), person.who(), deed)


def _open(store: Store, conversation: str) -> Handoff | None:
    with store.read() as session:
        return of_conversation(session, conversation)
