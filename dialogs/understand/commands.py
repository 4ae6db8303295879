"""Commands that may come at any question: agent, repeat, back, help, restart, goodbye, another language."""

from __future__ import annotations

from dialogs.understand.said import Said

# The first that fits is meant. Patterns are over concepts (said.pattern_of).
_COMMANDS = (
    ("restart", ("restart",)),
    ("agent", (
        "connect|talk .3 agent_word|executive", "agent_word|executive .2 talk", "agent_word .2 connect|want|send", "agent_word from",
        "want .2 agent_word", "agent_word .1 from .1 talk", "^ agent_word $", "^ agent_word _ $", "somebody .2 talk", "machine .2 nahi", "talk .3 human",
        "give .1 agent_word", "transfer .3 agent_word", "agent_word .2 transfer", "agent_word .. talk", "agent_word please", "not .4 machine",
    )),
    ("goodbye", ("goodbye", "leave_it goodbye", "thanks goodbye", "leave_it .. goodbye")),
    ("repeat", ("repeat", "not_heard")),
    ("help", ("help", "not_understood")),
    ("back", ("back .. go", "go .. back", "^ back $", "back speak_verb", "go back", "back .. question")),
)  # fmt: skip
_SHORT = 4  # parts: "वापस" or "back" alone is a command, within a long sentence it is not


def read_command(said: Said, asked: str) -> str | None:
    """The command said, or None. `asked` is what the dialog asked."""
    for intent, patterns in _COMMANDS:
        if any(said.matches(p) for p in patterns) and not _denied(said, intent, asked):
            return intent
    if said.has("enough") and asked == "intent":
        return "goodbye"
    if said.has("back") and len(said.parts) <= 4 and not said.has("money", "f_number", "send"):
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
    if intent == "help" and said.has("not_understood"):
        return asked == "complaint" and said.has("rude")
    if intent == "repeat":
        return said.has("complain", "not_given")
    return False
