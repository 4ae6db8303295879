"""What a conversation has collected, and what is missing, in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from booking.phone import mobile
from console.desk.deps import desk
from console.desk.looks import service_of
from console.desk.parts import WORDS
from console.desk.spoken import moment
from console.language import language
from dialogs.missing import missing
from dialogs.state import State

SHOWN = tuple(
    "service services city among_cities area slot date daypart note note_later pin mobile complaint about department "
    "place what_note rating asked_number reason".split()
)
"""In the order of a booking; what is not named here is the dialog's own bookkeeping."""
INSTEAD = {"date": "slot", "daypart": "slot", "services": "service", "among_cities": "city", "note_later": "note"}
"""Not shown once the item named is filled: it says the same more exactly."""


NAMED = {"service": "service", "services": "service", "city": "city", "among_cities": "city", "area": "area"}


@dataclass(frozen=True)
class Item:
    """One item: `missing` ones have no value."""

    name: str
    value: str = ""
    missing: bool = False


def items(state: State) -> list[Item]:
    """What is filled, in order, then what is missing; who calls from a mobile has said which it is."""
    filled = state.filled
    known = [name for name in SHOWN if filled.get(name) and not filled.get(INSTEAD.get(name, ""))]
    shown = [Item(name, value(name, filled[name])) for name in known]
    own = (
        mobile(state.caller) if state.caller else None
    ) or ""  # the bot asks whether it is this one; an agent sees it
    lacking = missing(desk().flow, state)
    known_by_number = [Item("mobile", own)] if own and "mobile" in lacking else []
    return [*shown, *known_by_number, *(Item(n, missing=True) for n in lacking if not (own and n == "mobile"))]


def value(name: str, given: Any) -> str:
    """A value as people read it."""
    spoken, w = language(), WORDS[language()]
    if name in NAMED:
        several = given if isinstance(given, list | tuple) else [given]
        return " / ".join(_named(NAMED[name], str(one)) for one in several)
    if name in ("note", "what_note"):
        return w["recorded"]
    if name == "note_later":
        return w["note_later"]
    if name in ("slot", "date"):
        return moment(str(given), spoken)
    if isinstance(given, Mapping):
        return ", ".join(str(part) for part in given.values() if part)
    return w.get(f"{name}_{given}", str(given))


def _named(kind: str, id: str) -> str:
    if kind == "service":
        return service_of(id)
    names = desk().names
    return names.city(id, language()) if kind == "city" else names.area(id, language())
