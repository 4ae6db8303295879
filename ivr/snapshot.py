"""A call under way as pages show it: what was said, what is filled, where it stands; plain JSON from the store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from booking import conversations
from dialogs.state import State
from ivr.clock import ZONE
from ivr.helpline import Helpline
from models.calls import Call

_SHOWN = ("service", "city", "date", "daypart", "time", "slot", "note", "pin", "mobile", "number")


def snapshot(helpline: Helpline, call: str) -> dict[str, Any] | None:
    """The conversation of the call; None when there is no such call."""
    with helpline.store.read() as session:
        row = session.get(Call, call)
        if row is None or row.conversation_id is None:
            return None
        conversation = conversations.load(session, row.conversation_id)
        state = State.from_json(conversation.state)
        said = [
            {"seq": t.seq, "who": t.who, "text": t.text, "at": t.at.astimezone(ZONE).isoformat(), "kind": t.kind}
            for t in conversations.turns(session, row.conversation_id)
        ]
    return {
        "conversation": conversation.id,
        "node": state.node,
        "language": state.language,
        "ended": bool(state.ended) or row.ended_at is not None,
        "outcome": state.outcome,
        "filled": _filled(helpline, state),
        "turns": said,
    }


def _filled(helpline: Helpline, state: State) -> list[dict[str, str]]:
    return [
        {"item": item, "label": item, "value": _shown(helpline, state.language, item, state.filled[item])}
        for item in _SHOWN
        if state.filled.get(item)
    ]


def _shown(helpline: Helpline, language: str, item: str, value: Any) -> str:
    match item:
        case "service":
            return helpline.names.service(str(value), language)
        case "city":
            return helpline.names.city(str(value), language)
        case "slot":
            return f"{datetime.fromisoformat(str(value)):%d.%m.%Y %H:%M}"
        case "note":
            return "✓"
    return str(value)
