"""What can be done with a call: the row of buttons, and the panels that some of them open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, request
from sqlalchemy import select

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk.versions import number
from console.deps import deps
from console.desk.call import Call, seen_by_me
from console.desk.deps import desk
from console.desk.parts import me, names, seconds, show, unchanged
from console.desk.questions import QUESTIONS
from console.language import language
from ivr.desk.entering import QUEUES
from ivr.gate import open_to
from models.presence import Presence

PANELS = ("second", "transfer", "back")
QUESTIONS_BACK = ("help", "service", "city", "day", "slot", "note", "pin", "confirm", "anything")
"""The questions to which a caller is mostly sent back; the flow asks from there for what is missing."""


@dataclass(frozen=True)
class Inside:
    """How a call stands: whether the caller hears music, whether I am not heard, who else is in it or rung for it."""

    talks: bool = False
    held: bool = False
    muted: bool = False
    first: bool = False
    others: tuple[tuple[str, str], ...] = ()


@open_to(AGENT, SUPERVISOR, idle=True)
def controls(handoff: int) -> Response:
    """The buttons as the call stands; "unchanged" when the page has them so."""
    with seen_by_me(handoff) as call:
        found = buttons(call)
        return unchanged() if request.args.get("has") == str(found["key"]) else shown(call)


def shown(call: Call, wrong: str = "", status: int = 200) -> Response:
    """The buttons, with what went wrong."""
    return show("controls", status, handoff=call.row, call=call, buttons=buttons(call), wrong=wrong)


def buttons(call: Call) -> dict[str, Any]:
    """What `desk/controls.html` shows, and a number for it."""
    found = inside(call)
    presence = call.presence
    facts = (
        found,
        call.row.state,
        call.row.agent,
        call.row.call_sid,
        presence and (presence.state, presence.next_state, presence.phone),
    )
    since = seconds(call.row.accepted_at, call.row.ended_at or deps().now())
    return {"inside": found, "key": number(facts), "since": since, "presence": presence}


def inside(call: Call) -> Inside:
    """How the call stands."""
    control = desk().controls()
    seats = control.state(call.row.id) if control else ()
    mine = next((s for s in seats if s.who == me()), None)
    others = [s for s in seats if s.who not in ("caller", me())]
    known = names(call.session, (s.who for s in others))
    return Inside(
        talks=call.row.state == "talking" and mine is not None and mine.how == "talks",
        held=any(s.held for s in seats if s.who == "caller"),
        muted=bool(mine and mine.muted),
        first=call.mine,
        others=tuple((known.get(s.who, "?"), s.how) for s in others),
    )


@open_to(AGENT, SUPERVISOR)
def panel(handoff: int, name: str) -> Response:
    """What a button needs before it can be done."""
    if name not in PANELS:
        abort(404)
    with seen_by_me(handoff) as call:
        return panel_of(call, name)


def panel_of(call: Call, name: str, wrong: str = "", status: int = 200, **typed: Any) -> Response:
    """A panel, with what was typed and what went wrong."""
    asked = [q for q in QUESTIONS_BACK if q in desk().flow.graph.nodes and q in QUESTIONS[language()]]
    return show(
        f"panel_{name}", status, handoff=call.row, ready=_ready(call), queues=QUEUES, questions=asked, wrong=wrong,
        names_of=QUESTIONS[language()], typed=typed,
    )  # fmt: skip


def _ready(call: Call) -> list[tuple[str, str, list[str]]]:
    """Id, name and languages of the agents who could take part now."""
    free = select(Presence).where(Presence.state == "ready", Presence.agent != me()).order_by(Presence.ready_since)
    rows = list(call.session.scalars(free))
    known = names(call.session, (r.agent for r in rows))
    return [(r.agent, known.get(r.agent, "?"), r.languages) for r in rows]
