"""What an agent does with a call: every button of the card."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.errors import BookingError
from console.deps import deps
from console.desk import panels, unsent
from console.desk.call import seen_by_me
from console.desk.deps import desk
from console.desk.forms.source import Source
from console.desk.parts import by_script, changed, home, me, show, unchanged
from ivr.bridge import BridgeFailed
from ivr.gate import open_to

LONGEST_WHY = 300  # characters
LONGEST_NOTE = 2000
log = logging.getLogger(__name__)


def _typed(name: str, most: int = LONGEST_WHY) -> str:
    return request.form.get(name, "").strip()[:most]


def done_by(deed: Callable[[Any], object]) -> str:
    """Why it was not done: the code of a word; "" when it was."""
    control = desk().controls()
    if control is None:
        return "no_line"
    try:
        deed(control)
    except BookingError as error:
        return error.code
    except BridgeFailed as failed:
        log.warning("the carrier did not do what an agent asked for: %s", failed)
        return "carrier_gone" if failed.permanent else "carrier"
    return ""


def _controls(handoff: int, wrong: str) -> Answer:
    """The buttons with what went wrong; else the page is to fetch them: the call may be another agent's by now."""
    if not by_script():
        return home()
    if not wrong:
        return changed(unchanged(), "agents", "queue")
    with seen_by_me(handoff) as call:
        return panels.shown(call, wrong, 409)


def _panel(handoff: int, name: str, wrong: str, **typed: str) -> Answer:
    """The panel again when it was not done, else it is closed."""
    if not by_script():
        return home()
    if not wrong:
        return changed(Response(""), "agents", "queue")
    with seen_by_me(handoff) as call:
        return panels.panel_of(call, name, wrong, 409, **typed)


@open_to(AGENT, SUPERVISOR)
def hold(handoff: int) -> Answer:
    """Let the caller hear music, or come back."""
    return _controls(handoff, done_by(lambda c: c.hold(me(), handoff, _typed("on") == "1")))


@open_to(AGENT, SUPERVISOR)
def mute(handoff: int) -> Answer:
    """Not be heard, or be heard again."""
    return _controls(handoff, done_by(lambda c: c.mute(me(), handoff, _typed("on") == "1")))


@open_to(AGENT, SUPERVISOR)
def hang_up(handoff: int) -> Answer:
    """End the call; the work after it goes on."""
    return _controls(handoff, done_by(lambda c: c.hang_up(me(), handoff)))


@open_to(AGENT, SUPERVISOR)
def part(handoff: int) -> Answer:
    """Leave the call to the other agent."""
    return _controls(handoff, done_by(lambda c: c.leave(me(), handoff)))


@open_to(AGENT, SUPERVISOR)
def second(handoff: int) -> Answer:
    """Ask a second agent into the call."""
    other = _typed("agent")
    wrong = done_by(lambda c: c.invite(me(), handoff, other)) if other else "nobody_chosen"
    return _panel(handoff, "second", wrong, agent=other)


@open_to(AGENT, SUPERVISOR)
def transfer(handoff: int) -> Answer:
    """Give the caller to another agent or queue."""
    kind, _, to = _typed("to").partition(":")
    why = _typed("why")
    if kind == "agent":
        wrong = done_by(lambda c: c.to_agent(me(), handoff, to, why))
    elif kind == "queue":
        wrong = done_by(lambda c: c.to_queue(me(), handoff, to, why))
    else:
        wrong = "nobody_chosen"
    return _panel(handoff, "transfer", wrong, to=_typed("to"), why=why)


@open_to(AGENT, SUPERVISOR)
def back(handoff: int) -> Answer:
    """Give the caller back to the bot."""
    node = _typed("node")
    return _panel(handoff, "back", done_by(lambda c: c.back(me(), handoff, node)), node=node)


@open_to(AGENT, SUPERVISOR)
def refuse(handoff: int) -> Answer:
    """Not take the call that is offered."""
    wrong = done_by(lambda c: c.refuse(me(), handoff))
    if not by_script():
        return home()
    return changed(unchanged(), "agents", "queue") if not wrong else show("problem", 409, wrong=wrong)


@open_to(AGENT, SUPERVISOR)
def finish(handoff: int) -> Answer:
    """What came of the call; ready for the next one."""
    chosen, note = _typed("disposition"), _typed("note", LONGEST_NOTE)
    wrong = done_by(lambda c: c.finish(me(), handoff, chosen, note))
    if not wrong:
        with deps().store.begin() as session:
            unsent.sent(session, Source("handoff", str(handoff)), "finish")
    if not by_script():
        return home()
    if not wrong:
        return changed(unchanged(), "agents", "queue")
    return show("problem", 409, wrong="disposition" if wrong == "bad_value" else wrong)
