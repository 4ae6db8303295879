"""The answer to a read-back: yes, no, or what is wrong and its new value."""

from __future__ import annotations

from dialogs.understand.said import Said

_FIELDS = (
    ("f_mobile", "mobile"), ("f_pin", "pin"), ("f_address", "address"), ("pata", "address"), ("f_city", "city"), ("f_service", "service"),
    ("services_list", "service"), ("f_date", "date"), ("f_time", "time"), ("f_number", "mobile"), ("day_word", "date"),
)  # fmt: skip
_CHANGES = ("wrong", "fix_word", "change", "reschedule", "nahi", "no", "not", "do_it", "except", "repair", "make", "want", "instead_of", "get", "mat", "should")


def field_named(said: Said) -> str | None:
    """The item that the caller says is wrong, by its name."""
    for concept, field in _FIELDS:
        if said.has(concept):
            return field
    return None


def wants_change(said: Said) -> bool:
    """Whether something is to be changed at all ("everything is fine" alone changes nothing)."""
    return said.has(*_CHANGES) and not said.has("no_mistake")


def told_to_correct(said: Said) -> bool:
    """ "Correct the city": a request, not a yes."""
    return said.matches("^ correct .1 f_city|f_date|f_time|f_address|f_mobile|f_number|f_pin")
