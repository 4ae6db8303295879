"""The spoken forms a placeholder may name: `{fee:money}`. One function a form; a value that does not fit raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Protocol, get_args

from prompts.errors import FormError
from prompts.spoken.english import English
from prompts.spoken.hindi import Hindi
from prompts.spoken.tongue import Daypart, Tongue

TONGUES: Mapping[str, Tongue] = {"hi": Hindi(), "en": English()}


class Names(Protocol):
    """Where the spoken names of services and cities come from. An unknown id raises KeyError."""

    def service(self, id: str, language: str) -> str:
        """The name of a service."""

    def city(self, id: str, language: str) -> str:
        """The name of a city."""

    def area(self, id: str, language: str) -> str:
        """The name of an area of a city."""


@dataclass(frozen=True)
class Saying:
    """What a form needs beside its value. `document` gives the spoken name of a document id, or of a
    term by its key (`kind.delay`), or raises KeyError."""

    language: str
    now: datetime
    names: Names
    document: Callable[[str], str]

    @property
    def tongue(self) -> Tongue:
        """The language's own way with numbers and times."""
        return TONGUES[self.language]


Form = Callable[[object, Saying], str]


def _text(value: object, saying: Saying) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise FormError(f"needs a text or a whole number, found {value!r}")
    return clean(str(value))


def clean(text: str) -> str:
    """`text` without control and format characters (joiners stay: Devanagari needs them), white space evened."""
    kept = (c if c in "\u200c\u200d" or unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join("".join(kept).split())


def _digits(value: object, saying: Saying) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise FormError(f"needs digits, found {value!r}")
    digits = re.sub(r"^\+91(?=\d{10}$)|^\+", "", re.sub(r"[\s-]", "", str(value)))
    if not digits.isdecimal() or str(value).startswith("-"):
        raise FormError("needs digits only")  # the value may be a caller's number: never repeat it
    words = [saying.tongue.number(int(d)) for d in digits]
    return ", ".join(" ".join(words[a:b]) for a, b in _groups(len(words)))


def _slowly(value: object, saying: Saying) -> str:
    """Digit by digit with a pause after each, to be written down."""
    return ", ".join(_digits(digit, saying) for digit in re.sub(r"[\s-]", "", str(value))) or _digits(value, saying)


def _code(value: object, saying: Saying) -> str:
    """Letters and digits one by one ("R, P, seven"), as on an identity card."""
    signs = [c for c in _text(value, saying).upper() if c.isalnum()]
    if not signs:
        raise FormError("needs letters or digits")
    return ", ".join(_digits(c, saying) if c.isdecimal() else c for c in signs)


def _groups(count: int) -> list[tuple[int, int]]:
    """Groups of three and four, the shorter first: 10 is 3-3-4, 8 is 4-4, 6 is 3-3; up to five stay together."""
    pieces = 1 if count <= 5 else -(-count // 4)
    edges = [count * i // pieces for i in range(pieces + 1)]
    return list(pairwise(edges))


def _real(value: object) -> tuple[int, int]:
    """A number in whole and hundredths, both carrying its sign."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 1e15:
        raise FormError(f"needs a number, found {value!r}")
    hundredths = round(abs(value) * 100) if isinstance(value, float) else abs(value) * 100
    whole, rest = divmod(hundredths, 100)
    return (whole, rest) if value >= 0 else (-whole, -rest)


def _number(value: object, saying: Saying) -> str:
    whole, rest = _real(value)
    if not rest:
        return saying.tongue.number(whole)
    if rest < 0:
        raise FormError(f"cannot say the negative fraction {value!r}")
    if rest == 50:
        return saying.tongue.half(whole)
    return saying.tongue.point(whole, f"{rest:02}".rstrip("0"))


def _ordinal(value: object, saying: Saying) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise FormError(f"needs a whole number from 1, found {value!r}")
    return saying.tongue.ordinal(value)


def _money(value: object, saying: Saying) -> str:
    rupees, paise = _real(value)
    if rupees < 0 or paise < 0:
        raise FormError(f"needs an amount in rupees, found {value!r}")
    return saying.tongue.rupees(rupees, paise)


def _moment(value: object, saying: Saying) -> datetime:
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise FormError(f"needs an ISO date and time such as 2026-11-22T10:30, found {value!r}") from None
    return moment.astimezone(saying.now.tzinfo) if moment.tzinfo else moment


def _day(value: object, saying: Saying) -> str:
    return saying.tongue.day(_moment(value, saying).date(), saying.now.date())


def _time(value: object, saying: Saying) -> time:
    if isinstance(value, str) and "T" not in value and " " not in value:
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise FormError(f"needs a time such as 10:30, found {value!r}") from None
    return _moment(value, saying).time()


def _clock(value: object, saying: Saying) -> str:
    return saying.tongue.clock(_time(value, saying))


def _when(value: object, saying: Saying) -> str:
    if isinstance(value, str) and len(value) <= len("2026-11-22"):
        raise FormError(f"needs a date and a time such as 2026-11-22T10:30, found {value!r}")
    moment = _moment(value, saying)
    return saying.tongue.when(saying.tongue.day(moment.date(), saying.now.date()), saying.tongue.clock(moment.time()))


def _near(value: object, saying: Saying) -> str:
    day, today = _moment(value, saying).date(), saying.now.date()
    return saying.tongue.near((day - today).days) or saying.tongue.day(day, today)


def _near_when(value: object, saying: Saying) -> str:
    _when(value, saying)  # refuses a day without a time
    return saying.tongue.when(_near(value, saying), saying.tongue.clock(_moment(value, saying).time()))


def _daypart(value: object, saying: Saying) -> str:
    for part in get_args(Daypart):
        if value == part:
            return saying.tongue.daypart(part)
    raise FormError(f"needs one of {', '.join(get_args(Daypart))}, found {value!r}")


def _month(value: object, saying: Saying) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12:
        return saying.tongue.month(value)
    try:
        return saying.tongue.month(date.fromisoformat(f"{value}-01" if len(str(value)) == 7 else str(value)[:10]).month)
    except ValueError:
        raise FormError(f"needs a month 1-12 or an ISO date, found {value!r}") from None


def _named(kind: str) -> Form:
    def say(value: object, saying: Saying) -> str:
        if not isinstance(value, str):
            raise FormError(f"needs the id of a {kind}, found {value!r}")
        try:
            if kind == "document":
                return clean(saying.document(value))
            return clean(getattr(saying.names, kind)(value, saying.language))
        except KeyError:
            raise FormError(f"knows no {kind} {value!r}") from None

    return say


def _many(one: Form, every: bool = False) -> Form:
    def say(value: object, saying: Saying) -> str:
        if not isinstance(value, list | tuple) or not value:
            raise FormError(f"needs a list that is not empty, found {value!r}")
        items = [one(v, saying) for v in value]
        return saying.tongue.all_of(items) if every else saying.tongue.either(items)

    return say


FORMS: Mapping[str, Form] = {
    "text": _text,
    "digits": _digits,
    "slowly": _slowly,
    "code": _code,
    "number": _number,
    "ordinal": _ordinal,
    "money": _money,
    "day": _day,
    "clock": _clock,
    "clocks": _many(_clock),
    "when": _when,
    "near": _near,
    "near_when": _near_when,
    "daypart": _daypart,
    "month": _month,
    "service": _named("service"),
    "city": _named("city"),
    "area": _named("area"),
    "document": _named("document"),
    "term": _named("document"),
    "services": _many(_named("service")),
    "cities": _many(_named("city")),
    "areas": _many(_named("area")),
    "documents": _many(_named("document"), every=True),
}
