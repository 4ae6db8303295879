"""Commands that may come at any question: agent, repeat, back, help, restart, goodbye, another language."""

from __future__ import annotations

from dialogs.understand.rules import rules
from dialogs.understand.said import Said

_ASKED_ABOUT = ("appeal", "complain", "booking", "appointment", "paper", "application", "make")
_DICTATED = 4  # numbers: who says so many dictates them anew rather than wanting to hear the question


def read_command(said: Said, asked: str) -> str | None:
    """The command said, or None. `asked` is what the dialog asked."""
    for intent, patterns in rules("commands"):
        if any(said.matches(p) for p in patterns) and not _denied(said, intent, asked):
            return intent
    if said.has("enough") and asked == "intent":
        return "goodbye"
    if said.has("back") and len(said.parts) <= 4 and not said.has("money", "f_number", "send", "get", "booking"):
        return "back"
    return None


def _denied(said: Said, intent: str, asked: str) -> bool:
    if intent == "goodbye" and said.has("thanks") and asked == "yesno" and not said.has("goodbye"):
        return True
    if intent == "agent":
        if asked == "complaint" and said.has("nahi", "bad", "not"):
            return True
        return said.has("where", "still_not", "howlong", "money", "rude", "bribe", "complain")
    if intent == "restart":
        return asked == "intent" and said.has("booking", "appointment")
    if intent == "help" and asked == "intent" and not said.has("help") and said.has(*_ASKED_ABOUT):
        return True  # "how do I appeal"
    if intent == "help" and asked != "intent" and said.has("option") and not said.has("help", "not_understood"):
        return True
    if intent == "help" and said.has("not_understood"):
        return asked == "complaint" and said.has("rude")
    if intent == "repeat":
        numbers = sum(p.number is not None for p in said.parts)
        return (
            said.has("complain", "not_given", "back_step")
            or said.matches("^ back .2 repeat")
            or (asked == "digits" and numbers >= _DICTATED)
        )
    return False
