"""What the caller wants at the open question."""

from __future__ import annotations

from dialogs.understand.said import Said

# In order; the first that fits is meant. Patterns are over concepts (said.pattern_of).
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("appeal", ("appeal", "rejected .. against", "against .. rejected")),
    ("complaint", (
        "complain", "bribe", "rude", "executive .. ask_money .. money|extra", "executive .. money|extra .. ask_money", "behaviour .3 bad",
    )),
    ("feedback", ("feedback", "rate_verb")),
    ("service_info", (
        "which|what .. documents", "documents .. which|what|lagega|required_for", "howmuch|which .. lagega|cost|money",
        "lagega|cost|money .. howmuch|which|what", "which .1 want|make|makes", "^ what .. makes", "howlong|howmuch .. makes", "^ what .2 want", "what .1 cost", "how .. make|apply|get", "info|about .. paper|services_list|make",
        "services_list .. info|about", "howlong .. make|get|take|paper", "howmuch .. day_word|week|f_time",
    )),
    ("executive_status", (
        "executive .. where|still_not|howlong|when|howfar|not_given|yet", "where .. executive|agent_word|he|come",
        "agent_word .. where|still_not|howlong|howfar|when|yet", "home .. come .. where|howfar|howlong|still_not|when|yet|past",
        "home .. coming .. where|howfar|when", "still_not .. howlong|when|where", "executive .. come", "when|howlong|yet .. executive",
        "home .. when come", "when come", "come .. still_not|yet", "come past", "executive .. started|howfar", "nobody_came", "come .. where|howfar|howlong", "executive .. late", "executive .. done_past .1 nahi",
        "howlong .. reach|come", "which .. come",
    )),
    ("cancel", (
        "cancel", "dont_want .. booking|appointment", "booking|appointment .. dont_want", "booking|appointment .2 hata",
    )),
    ("reschedule", (
        "reschedule", "change .. appointment|booking|f_date|f_time|day_word", "appointment|booking|f_date|f_time|day_word .. change",
        "booking|appointment .. instead_of", "booking .. before .. nahi", "f_date|f_time|appointment .. nahi .. goes",
        "last_one|before .. f_date|f_time .. nahi", "another .. day_word|f_time|f_date|appointment", "appointment|booking .. another",
        "f_time|f_date .. do_it .. already", "already .. book|booking|appointment", "nahi|not .2 home .. f_date|f_time|appointment|booking",
        "wala booking|appointment", "mine .2 booking|appointment .. do_it",
    )),
    ("track", (
        "track", "howfar", "applied", "ready", "apply .2 past|done_past", "application .. where|when|howlong|yet|not_given|rejected",
        "booking f_number", "check .. application|booking", "work .. howmuch|yet|done_past", "not_given .. yet",
        "yet .. not_given|nahi|still_not", "when .. make|ready", "howlong .. ready", "ready .. where|when", "what_happened", "or_not",
        "where .. paper|application", "paper .. where|not_given", "when .. come|paper", "application f_number", "paper|application|work .2 done", "mine .1 work|application .. howlong|yet",
    )),
    ("service_info", (
        "info", "cost", "services_list .. available", "eligible", "which|what|how|when|howlong|howmuch .. documents|services_list|lagega|eligible|certificate|available",
        "which .. work", "home .. which .. work", "lagega .. what|which|howmuch", "services_list .. which|what|howmuch|how|info",
    )),
)  # fmt: skip
_BOOKING = ("book", "make", "want", "apply", "get", "send", "do_it")


def read_intent(said: Said, services: bool, elsewhere: bool) -> str | None:
    """The intent at the open question; `services` when one was named, `elsewhere` when another office's matter was."""
    for intent, patterns in _RULES:
        if any(said.matches(p) for p in patterns) and not _unlikely(said, intent, services, elsewhere):
            return intent
    if services:
        return "book"
    return None if elsewhere else _booking(said)


def _booking(said: Said) -> str | None:
    """A visit is wanted without saying for what."""
    if said.has("book"):
        return "book"
    if said.has("booking", "appointment") and (said.has(*_BOOKING) or len(said.parts) <= 2):
        return "book"
    visit = said.matches("send .3 home|executive|somebody|agent_word") or said.matches("home|executive|somebody .. send")
    return "book" if visit else None


def _unlikely(said: Said, intent: str, services: bool, elsewhere: bool) -> bool:
    """Whether the words for `intent` are about something else."""
    ours = services or said.has("booking", "appointment", "application", "executive", "work", "paper", "feedback")
    if elsewhere and not said.has("booking", "executive", "complain"):
        return True
    if intent == "track":
        asked = said.has("track", "howfar", "applied", "ready", "yet", "past", "or_not", "what_happened", "where", "when")
        return (services and said.has("make", "want") and not asked) or not (ours or said.has("track", "howfar", "applied"))
    if intent == "executive_status":
        return (services or said.has("application", "paper")) and not said.has("executive", "agent_word")
    if intent == "service_info":
        if said.matches("mine .1 work|application .. howlong") or (said.has("booking") and said.has("want")):
            return True
        sent = said.has("track", "howfar", "applied") or said.matches("apply .2 past")
        if sent and not said.has("cost", "lagega"):
            return True
        return not (ours or said.has("services_list", "documents", "cost", "info", "lagega", "make", "makes", "home"))
    if intent == "reschedule":
        return said.has("book") and not said.has("reschedule", "change", "already") or (services and not said.has("booking", "appointment", "reschedule", "f_date", "f_time"))
    return False
