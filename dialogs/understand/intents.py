"""What the caller wants at the open question."""

from __future__ import annotations

from dialogs.understand.said import Said

# In order; the first that fits is meant. Patterns are over concepts (said.pattern_of).
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("appeal", ("appeal",)),
    ("complaint", ("complain", "bribe", "rude", "executive .. ask_money", "behaviour .3 bad")),
    ("feedback", ("feedback", "rate_verb")),
    ("executive_status", (
        "executive .. where|still_not|howlong|when|howfar", "where .. executive|agent_word", "agent_word .. where|still_not|howlong|howfar|when",
        "home .. come .. where|howfar|howlong|still_not|when|yet|past", "where .. come", "still_not .. howlong|when|where",
        "executive .. come", "when .. executive", "howlong .. executive", "where .. he|executive",
        "nobody_came", "come .. where|howfar", "come .. howlong", "executive .4 still_not", "executive .. late",
        "howlong .. reach|come", "executive .. yet", "yet .. executive", "agent_word .. yet", "executive .. done_past .3 nahi",
    )),
    ("cancel", ("cancel", "dont_want .. booking|appointment", "booking|appointment .. dont_want", "booking|appointment .3 remove")),
    ("reschedule", (
        "reschedule", "change .. appointment|booking|f_date|f_time|day_word", "appointment|booking|f_date|f_time .. change",
        "booking|appointment .. instead_of", "booking .. before .. nahi", "f_date|f_time|appointment .. nahi .. goes",
        "last_one|before .. f_date|f_time .. nahi", "another .. day_word|f_time|f_date", "f_time|f_date .. do_it .. already", "already .. book|booking|appointment",
        "nahi|not .2 home .. f_date|f_time|appointment|booking",
    )),
    ("track", (
        "track", "howfar", "applied", "apply .2 past|done_past", "ready", "application .. where|when|howlong|yet|not_given", "booking f_number",
        "check .. application|booking", "work .. howmuch|yet|done_past", "not_given .. yet", "yet .. not_given|nahi|still_not",
        "when .. make|come|ready", "howlong .. ready", "ready .. where|when",
    )),
    ("service_info", (
        "which|what|howmuch|how|when|howlong|info .. documents|lagega|cost|money|services_list|make|eligible|day_word|certificate|available",
        "documents|cost|money|lagega|services_list|day_word .. which|what|howmuch|how|info|required|want_q",
        "howmuch .. make|lagega", "which .. work", "home .. which .. work", "info", "cost", "services_list .. available", "documents .. lagega|required", "howlong .. make", "eligible", "how .. make|apply|get",
        "lagega .. what|which|howmuch",
    )),
)  # fmt: skip
_BOOKING = ("book", "make", "want", "apply", "get", "send", "do_it")


def read_intent(said: Said, services: bool, elsewhere: bool) -> str | None:
    """The intent at the open question; `services` when a service was named, `elsewhere` when another office's matter was."""
    for intent, patterns in _RULES:
        if any(said.matches(p) for p in patterns) and not _unlikely(said, intent, services, elsewhere):
            return intent
    if services:
        return "book"
    if elsewhere:
        return None
    if said.has("book") or (
        said.has("booking", "appointment") and (said.has(*_BOOKING) or len(said.parts) <= 2)
    ):
        return "book"
    if said.matches("send .3 home|executive|somebody|agent_word") or said.matches("home|executive|somebody .. send"):
        return "book"
    return None


def _unlikely(said: Said, intent: str, services: bool, elsewhere: bool) -> bool:
    ours = services or said.has("booking", "appointment", "application", "executive", "work")
    if elsewhere and not said.has("booking", "appointment"):
        return True
    if intent == "track" and services and said.has("make", "want") and not said.has("track", "howfar", "applied", "ready", "yet", "past"):
        return True
    if intent == "service_info":
        return not (ours or said.has("services_list", "documents", "cost", "info"))
    return False
