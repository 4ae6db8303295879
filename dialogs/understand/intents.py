"""What the caller wants at the open question."""

from __future__ import annotations

from collections.abc import Callable

from dialogs.understand.dates import MONTHS, WEEKDAYS
from dialogs.understand.lexicon import LINKS
from dialogs.understand.rules import rules
from dialogs.understand.said import Said
from dialogs.understand.times import DAYPARTS
from dialogs.understand.words import words

_ASKED = ("services_list", "what_do", "documents", "cost", "info", "lagega", "make", "makes", "home", "f_city")
_SHORT = 4  # parts
_BOOKING = ("book", "make", "want", "apply", "get", "send", "do_it", "give", "available")


def read_intent(said: Said, services: bool, elsewhere: bool) -> str | None:
    """The intent at the open question; `services` when one was named, `elsewhere` when another office's matter was."""
    if not elsewhere and _moved(said):
        return "reschedule"
    for intent, patterns in rules("intents"):
        if any(said.matches(p) for p in patterns) and not _unlikely(said, intent, services, elsewhere):
            return intent
    if services:
        return "service_info" if said.has("how") and not said.has("book", "booking", "want") else "book"
    return None if elsewhere else _booking(said) or _asked_after(said)


def _moved(said: Said) -> bool:
    """ "बुकिंग को सोमवार को कर दो": what is booked is put on another day."""
    if said.matches("cancel .. " + "|".join(sorted(_WHEN)) + " .. give"):
        return True  # "cancel tomorrow's and give me Friday's"
    for at, part in enumerate(said.parts[:-2]):
        if part.concept in ("booking", "appointment") and said.parts[at + 1].text in ("को", "ko", "ल"):
            later = {p.concept for p in said.parts[at + 2 :]}
            return bool(later & _PUT) and bool(later & _WHEN) and not later & {"cancel", "hata"}
    return False


_PUT = frozenset("do_it get change give".split())
_WHEN = frozenset((*WEEKDAYS, *MONTHS, *DAYPARTS, *"today tomorrow overmorrow narso another next baje f_date".split()))


_QUESTION_WORDS = ("which", "what", "howmuch", "how", "info", "cost", "bad", "good", "nahi", "not")


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
    if said.has("services_list") and said.has("want", "get") and not said.has(*_QUESTION_WORDS):
        return "book"
    if said.has("send", "somebody") and said.has("appointment", "home") and not said.has("talk", "connect"):
        return "book"
    if said.has("f_time") and said.has("want", "get", "give") and not said.has("what", "howmuch"):
        return "book"
    sent = said.matches("send .3 executive|somebody|agent_word") or said.matches("executive|somebody|wala .. send")
    return "book" if sent else None


_OURS = ("booking", "appointment", "application", "executive", "work", "paper", "feedback", "complain")


def _unlikely(said: Said, intent: str, services: bool, elsewhere: bool) -> bool:
    """Whether the words for `intent` are about something else."""
    if elsewhere and not said.has("booking", "executive", "bribe"):
        return True
    doubt = _DOUBTS.get(intent)
    return doubt is not None and doubt(said, services)


def _not_tracked(said: Said, services: bool) -> bool:
    if said.matches("which|what .1 documents"):
        return True
    if services and said.matches("make|want|get|book .2 when .1 come|_ .2 $"):
        return True  # "बनवाना है कब आ सकते हैं" asks for a visit
    asked = said.has("track", "howfar", "applied", "ready", "yet", "past", "or_not", "what_happened", "where", "when")
    if services and said.has("make", "want") and not asked:
        return True
    if services or said.has(*_OURS, "track", "howfar", "applied"):
        return False
    return not (said.has("documents") and said.has("ready", "or_not", "mine"))


def _not_coming(said: Said, services: bool) -> bool:
    if said.matches("when come") and len(said.parts) > _SHORT and not said.has("executive", "agent_word", "home"):
        return True
    return (services or said.has("application", "paper")) and not said.has("executive", "agent_word")


def _not_informing(said: Said, services: bool) -> bool:
    if services and said.matches("howlong|when .. come|send") and not said.has("documents", "cost", "money"):
        return True  # "how soon can someone come for ..."
    if said.matches("mine .1 work|application .. howlong") or (said.has("booking") and said.has("want")):
        return True
    sent = said.has("track", "howfar", "applied") or said.matches("apply .2 past")
    if sent and not said.has("cost", "money") and not (said.has("documents") and said.has("lagega")):
        return True
    if said.matches("documents .2 done_past") and not said.has("lagega"):
        return True  # "the papers that I gave"
    if services or said.has(*_OURS):
        return False
    if not said.has("services_list", "home", "makes", "what_do") and _strange(said):
        return True
    return not said.has(*_ASKED)


def _not_moved(said: Said, services: bool) -> bool:
    if said.has("application") and not said.has("booking", "appointment", "change", "f_date", "f_time"):
        return True  # "मेरा आवेदन आगे बढ़ा क्या"
    return (said.has("book") and not said.has("reschedule", "change", "already")) or (
        services and not said.has("booking", "appointment", "reschedule", "f_date", "f_time")
    )


def _not_praised(said: Said, services: bool) -> bool:
    return said.has("happy") and said.has("nahi", "not", "bad")


_DOUBTS: dict[str, Callable[[Said, bool], bool]] = {
    "track": _not_tracked,
    "executive_status": _not_coming,
    "service_info": _not_informing,
    "reschedule": _not_moved,
    "feedback": _not_praised,
}


def _strange(said: Said) -> bool:
    """Whether a word was said that means nothing here ("स्कूल की फीस", "the price of gold")."""
    known = words().known
    bare = [p.words[0] for p in said.parts if not p.concept and p.number is None and p.ordinal is None]
    return any(w not in known and w not in LINKS and len(w) > 2 for w in bare)
