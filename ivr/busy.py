"""What a caller hears whom we cannot take now: an apology, and a callback that is noted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from booking import callers, conversations
from booking.conversations import Line
from dialogs.state import State
from ivr.actions import Action, End, Speak
from ivr.helpline import Helpline

BUSY = "busy"  # outcome of the conversation and reason of the callback
FOLLOWS = {"promised": "agent.promised", "soon": "agent.promised_soon", "no_number": "agent.no_number"}


def turn_away(helpline: Helpline, conversation: str) -> list[Action]:
    """Note a callback for the caller of a new conversation, end it, and say so. Raises StoreError."""
    now = helpline.clock.now()
    with helpline.store.read() as session:
        row = conversations.load(session, conversation)
        caller, version = row.caller, row.version
        helpline = helpline.of(row)
        language = callers.language_of(session, caller)
    state = State(conversation=conversation, language=language or "hi", caller=caller)
    args = {"caller": caller, "reason": BUSY, "language": state.language}
    outcome, data = helpline.operations.run("promise_callback", args, conversation, now)
    if outcome == "promised" and not data.get("due"):
        outcome = "soon"
    keys = ("busy.sorry", FOLLOWS.get(outcome, "trouble.call_later"))
    spoken = [_said(helpline, key, lang, data) for lang in ((language,) if language else ("hi", "en")) for key in keys]
    ended = replace(state, ended="ended", outcome=BUSY)
    with helpline.store.begin() as session:
        conversations.save(session, conversation, ended.to_json(), expected_version=version, now=now)
        conversations.add_turns(session, now, conversation, [Line("bot", "say", s.text) for s in spoken])
        conversations.finish(session, now, conversation, BUSY)
    return [*spoken, End()]


def _said(helpline: Helpline, key: str, language: str, values: dict[str, Any]) -> Speak:
    now = helpline.clock.now()
    return Speak(key, helpline.prompts.render(language, key, values, helpline.names, now))
