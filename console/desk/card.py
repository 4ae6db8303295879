"""The card of a call: who calls, what was said, what is filled and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, request

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk import card as cards
from booking.desk.card import Said
from booking.desk.endings import DISPOSITIONS
from booking.desk.whisper import whisper
from console.desk import panels, unsent
from console.desk.call import Call, seen_by_me
from console.desk.filled import items
from console.desk.forms.source import Source
from console.desk.parts import clock, me, names, seconds, show, spaced
from dialogs.state import State
from ivr.gate import open_to
from models.conversations import Conversation


def _shown(template: str, values: Callable[[Call], Mapping[str, Any]]) -> Callable[[int], Response]:
    """A view that shows a part of a call; while it is rendered the session is open."""

    def view(handoff: int) -> Response:
        with seen_by_me(handoff) as call:
            return show(template, handoff=call.row, call=call, **values(call))

    return view


def _card(call: Call) -> dict[str, Any]:
    found = cards.card(call.session, call.row.id)
    return {
        "card": found,
        "said": found.said,
        "last": _last(found.said),
        "dispositions": DISPOSITIONS,
        "kept": unsent.kept(call.session, Source("handoff", str(call.row.id)), "finish"),
        "clock": clock,
        "spaced": spaced,
        "people": names(call.session, (e.who.partition(":")[2] for e in found.events if e.who.startswith("agent:"))),
        "buttons": panels.buttons(call),
        **_facts(call),
    }


def _offer(call: Call) -> dict[str, Any]:
    return {
        "facts": whisper(call.session, call.row),
        "invited": call.row.offered_to != me(),
        "waited": seconds(call.row.waiting_since),
        "spaced": spaced,
    }


def _facts(call: Call) -> dict[str, Any]:
    talk = call.session.get(Conversation, call.row.conversation_id)
    known = {"caller": call.row.caller, "filled": cards.filled_of(call.session, call.row)}
    state = State.from_json({**(talk.state if talk else {}), **known})
    return {"items": items(state), "whisper": whisper(call.session, call.row)}


def _said(call: Call) -> dict[str, Any]:
    after = max(0, request.args.get("after", 0, type=int))
    found = cards.said(call.session, call.row.conversation_id, after)
    return {"said": found, "last": _last(found) or after, "clock": clock}


def _last(said: Sequence[Said]) -> int:
    return int(said[-1].seq) if said else 0


def _caller(call: Call) -> dict[str, Any]:
    return {"caller_of": cards.who_calls(call.session, call.row.caller, call.row.conversation_id)}


card = open_to(AGENT, SUPERVISOR, seen="handoff")(_shown("card", _card))
said = open_to(AGENT, SUPERVISOR, idle=True)(_shown("said", _said))
offer = open_to(AGENT, SUPERVISOR, seen="handoff")(_shown("offer", _offer))
facts = open_to(AGENT, SUPERVISOR, idle=True)(_shown("facts", _facts))
caller = open_to(AGENT, SUPERVISOR, idle=True)(_shown("caller", _caller))
