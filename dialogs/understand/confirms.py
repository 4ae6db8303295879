"""The answer to a read-back: yes, no, or what is wrong and its new value."""

from __future__ import annotations

from dialogs.understand.dates import day_alone
from dialogs.understand.digits import MOBILE, read_digits
from dialogs.understand.mentions import taken_back
from dialogs.understand.reader import Fields, Reading, named, told_day
from dialogs.understand.said import Said
from dialogs.understand.yesno import read_yesno

_FIELDS = (
    ("f_mobile", "mobile"), ("f_pin", "pin"), ("f_address", "address"), ("pata", "address"), ("f_city", "city"),
    ("f_service", "service"), ("services_list", "service"), ("f_date", "date"), ("f_time", "time"),
    ("f_number", "mobile"), ("day_word", "date"),
)  # fmt: skip
_CHANGES = tuple(
    "wrong fix_word change reschedule nahi no not do_it except repair make want instead_of get mat should".split()
)


def at_confirm(reading: Reading) -> Fields:
    """The answer to a read-back: what is wrong with its new value, else yes or no."""
    if reading.said.has("hold_on", "dont_know"):
        return {}
    answer = read_yesno(reading.said)
    fix = _fix(reading, answer)
    if not fix:
        return {"yesno": answer} if answer else {}
    return fix | ({"yesno": "no"} if answer == "no" else {})


def _fix(reading: Reading, answer: str | None) -> Fields:
    heard = reading.said
    values = told_day(reading) | named(reading, "service") | named(reading, "city")
    number = read_digits(heard, MOBILE)
    field = _field_named(heard)
    if number:
        return {"fix": "mobile", "digits": number}
    corrected = reading.city.corrected or reading.service.corrected or bool(taken_back(heard, reading.mentions))
    if not (_wants_change(heard) or corrected or _told_to_correct(heard)):
        return {}
    denied = heard.has("wrong", "except", "change", "fix_word", "nahi")
    if answer == "yes" and field is None and not corrected and not denied:
        return {}
    return _with_value(reading, field, values)


def _with_value(reading: Reading, field: str | None, values: Fields) -> Fields:
    """The field and its value: named, or told by the kind of value that was given."""
    bare = _date_number(reading) if field == "date" and "date" not in values else None
    if bare:
        values = {**values, "date": bare}
    if field in ("date", "time", None):
        for kind in ("date", "time"):
            if kind in values and (field in (None, kind) or field not in values):
                return {"fix": kind, **{k: values[k] for k in ("date", "time", "daypart") if k in values}}
        if "daypart" in values:
            return {"fix": "time", "daypart": values["daypart"]}
    if field in (None, "city") and "city" in values:
        return {"fix": "city", "city": values["city"]}
    if field in (None, "service") and "service" in values and reading.service.subject:
        return {"fix": "service", "service": values["service"]}
    return {"fix": field} if field else {}


def _date_number(reading: Reading) -> str | None:
    numbers = [p.number for p in reading.said.parts if p.number is not None and 1 <= p.number <= 31]
    day = day_alone(reading.context.now.date(), numbers[0]) if len(numbers) == 1 else None
    return day.isoformat() if day else None


def _field_named(said: Said) -> str | None:
    """The item that the caller says is wrong, by its name."""
    for concept, field in _FIELDS:
        if said.has(concept):
            return field
    return None


def _wants_change(said: Said) -> bool:
    """Whether something is to be changed at all ("everything is fine" alone changes nothing)."""
    other = said.has("another") or any(p.ordinal == 2 for p in said.parts)
    if other and said.has("f_mobile", "f_address", "f_number", "pata"):
        return True  # "मेरा नंबर दूसरा है"
    return said.has(*_CHANGES) and not said.has("no_mistake")


def _told_to_correct(said: Said) -> bool:
    """ "Correct the city": a request, not a yes."""
    return said.matches("^ correct .1 f_city|f_date|f_time|f_address|f_mobile|f_number|f_pin")
