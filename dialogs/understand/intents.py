"""What the caller wants at the open question."""

from __future__ import annotations

from dialogs.understand.lexicon import LINKS
from dialogs.understand.rules import rules
from dialogs.understand.said import Said
from dialogs.understand.words import words

_SHORT = 4  # parts
_BOOKING = ("book", "make", "want", "apply", "get", "send", "do_it", "give")


def read_intent(said: Said, services: bool, elsewhere: bool) -> str | None:
    """The intent at the open question; `services` when one was named, `elsewhere` when another office's matter was."""
    for intent, patterns in rules("intents"):
        if any(said.matches(p) for p in patterns) and not _unlikely(said, intent, services, elsewhere):
            return intent
    if services:
        return "service_info" if said.has("how") and not said.has("book", "booking", "want") else "book"
    return None if elsewhere else _booking(said) or _asked_after(said)


def _asked_after(said: Said) -> str | None:
    """Someone or something of ours is asked after, in words of no pattern."""
    if said.has("executive") and said.has("what", "come", "coming", "started", "where", "yet"):
        return "executive_status"
    return "track" if said.has("application") and said.has("what", "where", "mine", "what_happened") else None


def _booking(said: Said) -> str | None:
    """A visit is wanted without saying for what."""
    if said.has("book"):
        return "book"
    if said.has("booking", "appointment") and (said.has(*_BOOKING) or len(said.parts) <= 2):
        return "book"
    sent = said.matches("send .3 executive|somebody|agent_word") or said.matches("executive|somebody .. send")
    return "book" if sent else None


def _unlikely(said: Said, intent: str, services: bool, elsewhere: bool) -> bool:
    """Whether the words for `intent` are about something else."""
    ours = services or said.has(
        "booking", "appointment", "application", "executive", "work", "paper", "feedback", "complain"
    )
    if elsewhere and not said.has("booking", "executive", "complain"):
        return True
    if intent == "track":
        asked = said.has(
            "track", "howfar", "applied", "ready", "yet", "past", "or_not", "what_happened", "where", "when"
        )
        return (services and said.has("make", "want") and not asked) or not (
            ours or said.has("track", "howfar", "applied")
        )
    if intent == "executive_status":
        if said.matches("when come") and len(said.parts) > _SHORT and not said.has("executive", "agent_word", "home"):
            return True
        return (services or said.has("application", "paper")) and not said.has("executive", "agent_word")
    if intent == "service_info":
        if said.matches("mine .1 work|application .. howlong") or (said.has("booking") and said.has("want")):
            return True
        sent = said.has("track", "howfar", "applied") or said.matches("apply .2 past")
        if sent and not said.has("cost", "lagega"):
            return True
        if not ours and not said.has("services_list", "home", "makes") and _strange(said):
            return True
        return not (ours or said.has("services_list", "documents", "cost", "info", "lagega", "make", "makes", "home"))
    if intent == "reschedule":
        return (said.has("book") and not said.has("reschedule", "change", "already")) or (
            services and not said.has("booking", "appointment", "reschedule", "f_date", "f_time")
        )
    return False


def _strange(said: Said) -> bool:
    """Whether a word was said that means nothing here ("स्कूल की फीस", "the price of gold")."""
    known = words().known
    bare = [p.words[0] for p in said.parts if not p.concept and p.number is None and p.ordinal is None]
    return any(w not in known and w not in LINKS and len(w) > 2 for w in bare)
