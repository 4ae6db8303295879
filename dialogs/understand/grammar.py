"""The phrases that a recogniser listens for at a question, made from the same phrases that are understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from dialogs.understand.lexicon import Lexicon
from dialogs.understand.numbers import spoken, spoken_ordinal

MOST = 3000  # phrases: a larger grammar takes longer to make than a prompt lasts (bench/understanding)
HOURS = range(8, 20)  # a visit begins at eight and ends by twenty


class _Book:
    """The phrases of one language of a lexicon, with the names that may stand in them."""

    def __init__(self, language: str, lexicon: Lexicon, offers: Sequence[datetime], among: Sequence[str]) -> None:
        self.language, self.lexicon, self.offers, self.among = language, lexicon, offers, among
        self.data: Mapping[str, Any] = lexicon.phrases.get(language) or {}

    def texts(self, section: str) -> list[str]:
        """All phrases of a section, in order."""
        found = self.data.get(section) or {}
        return [t for texts in found.values() for t in texts] if isinstance(found, dict) else list(found)

    def wrapped(self, name: str, **values: Iterable[str]) -> Iterator[str]:
        """Every phrase of the wrappers `name` with every combination of values that it asks for."""
        for template in (self.data.get("wrappers") or {}).get(name) or ():
            yield from _filled(template, {k: list(v) for k, v in values.items()})

    def services(self) -> list[str]:
        """Spoken names of services (those of `among` when a "which one?" was asked)."""
        language, phrases = self.language, self.data.get("services") or {}
        out: list[str] = []
        for service in self.lexicon.catalogue.services:
            if not self.among or service.id in self.among:
                official = service.hi if language == "hi" else service.en
                out += [*(phrases.get(service.id) or ()), *([] if "(" in official else [official])]
        return list(dict.fromkeys(out))

    def cities(self) -> list[str]:
        """Names of cities in this language."""
        out, phrases = [], self.data.get("cities") or {}
        for city in self.lexicon.catalogue.cities:
            official = (city.hi, *city.also) if self.language == "hi" else (city.en,)
            names = (*official, *(phrases.get(city.id) or ()))
            out += [n.replace("-", " ").lower() for n in names]
        return list(dict.fromkeys(out))

    def areas(self) -> list[str]:
        """Names of the areas asked for, and of their places."""
        known = self.lexicon.catalogue.area
        named = [known[a] for a in self.among if a in known]
        names = [n for a in named for n in ((a.hi if self.language == "hi" else a.en), *a.places)]
        return list(dict.fromkeys(n.replace("-", " ").lower() for n in names))

    def days(self) -> list[str]:
        """Names of days."""
        return self.texts("days")

    def parts(self) -> list[str]:
        """Parts of the day."""
        return self.texts("parts")

    def dates(self) -> Iterator[str]:
        """Days of the month, alone and with every month."""
        numbers = [spoken(n, self.language) for n in range(1, 32)]
        ordinals = [spoken_ordinal(n, self.language) for n in range(1, 32)]
        for template in self.data.get("dates") or ():
            yield from _filled(template, {"number": numbers, "ordinal": ordinals, "month": list(self.data["months"])})

    def clocks(self, times: Iterable[tuple[int, int]]) -> list[str]:
        """How the clock times (hour, minute) are said."""
        forms = self.data.get("clocks") or {}
        out: list[str] = []
        for hour, minute in times:
            name = {0: "whole", 30: "half", 15: "quarter", 45: "before"}.get(minute)
            hour12 = (hour - 1) % 12 + 1
            if name == "half" and hour12 in (1, 2) and self.language == "hi":
                name = "one_half" if hour12 == 1 else "two_half"
            values = {"hour": [spoken(hour12, self.language)], "next": [spoken(hour12 % 12 + 1, self.language)]}
            for template in forms.get(name or "") or ():
                out += _filled(template, values)
        return list(dict.fromkeys(out))


def _filled(template: str, values: Mapping[str, list[str]]) -> list[str]:
    """`template` with each {name} replaced by each of its values."""
    name = next((n for n in values if "{" + n + "}" in template), None)
    if name is None:
        return [] if "{" in template else [template]
    rest = {k: v for k, v in values.items() if k != name}
    return [t for value in values[name] for t in _filled(template.replace("{" + name + "}", value), rest)]


def _opening_clocks(book: _Book) -> list[str]:
    return book.clocks([(h, m) for h in HOURS for m in (0, 30)])


def _services(book: _Book) -> Iterator[str]:
    yield from book.wrapped("service", service=book.services())
    yield from book.wrapped("place", place=book.texts("places")) if book.among else ()


def _intent(book: _Book) -> Iterator[str]:
    yield from book.texts("intents")
    yield from book.wrapped("service", service=book.services())
    yield from book.wrapped("service_intent", service=_short(book))


def _short(book: _Book) -> list[str]:
    """Two spoken names a service, so that longer sentences stay countable."""
    phrases = book.data.get("services") or {}
    return [n for s in book.lexicon.catalogue.services for n in list(phrases.get(s.id) or ())[:2]]


def _city(book: _Book) -> Iterator[str]:
    yield from book.wrapped("city", city=book.cities())
    yield from book.wrapped("city_fix", city=book.cities()[:40], other=book.cities()[:40])


def _date(book: _Book) -> Iterator[str]:
    whole = book.clocks([(h, 0) for h in HOURS])
    yield from book.wrapped("day", day=book.days(), part=book.parts(), clock=whole)
    yield from book.wrapped("part", part=book.parts())
    yield from book.wrapped("clock", clock=_opening_clocks(book), part=book.parts())
    yield from book.wrapped("date", date=book.dates(), part=())
    yield from book.wrapped("day_fix", day=book.days()[:12], other=book.days()[:12])


def _slot(book: _Book) -> Iterator[str]:
    clocks = book.clocks(dict.fromkeys((o.hour, o.minute) for o in book.offers))
    yield from book.wrapped("place", place=book.texts("places"))
    yield from book.wrapped("clock", clock=[*clocks, *_opening_clocks(book)], part=book.parts())
    yield from book.wrapped("part", part=book.parts())
    yield from book.wrapped("day", day=book.days(), part=book.parts(), clock=clocks)
    yield from (book.data.get("answers") or {}).get("none") or ()


def _yesno(book: _Book) -> Iterator[str]:
    answers = book.data.get("answers") or {}
    yield from (*(answers.get("yes") or ()), *(answers.get("no") or ()))


def _yesno_or_next(book: _Book) -> Iterator[str]:
    yield from _yesno(book)
    yield from (book.data.get("answers") or {}).get("next") or ()


def _confirm(book: _Book) -> Iterator[str]:
    yield from _yesno(book)
    yield from (book.data.get("answers") or {}).get("all_right") or ()
    numbers = [spoken(n, book.language) for n in range(1, 32)]
    ordinals = [spoken_ordinal(n, book.language) for n in range(1, 32)]
    for template in book.texts("fixes"):
        yield from _filled(template, {"number": numbers, "ordinal": ordinals, "clock": _opening_clocks(book)})
    yield from book.wrapped("city_fix", city=book.cities()[:40], other=book.cities()[:40])
    yield from book.wrapped("day_fix", day=book.days()[:12], other=book.days()[:12])


def _digits(book: _Book) -> Iterator[str]:
    digits = [spoken(n, book.language) for n in range(10)]
    pairs = [spoken(n, book.language) for n in range(10, 100)]
    for template in book.data.get("digits") or ():
        yield from _filled(template, {"digit": digits, "second": digits, "pair": pairs})


def _rating(book: _Book) -> Iterator[str]:
    for template in book.data.get("ratings") or ():
        yield from _filled(template, {"number": [spoken(n, book.language) for n in range(1, 6)]})


_QUESTIONS: dict[str, Callable[[_Book], Iterator[str]]] = {
    "intent": _intent,
    "service": _services,
    "city": _city,
    "date": _date,
    "slot": _slot,
    "yesno": _yesno_or_next,
    "confirm": _confirm,
    "digits": _digits,
    "rating": _rating,
    "language": lambda book: iter(book.texts("intents")),
    "complaint": lambda book: iter(book.texts("complaints")),
    "area": lambda book: book.wrapped("city", city=book.areas()),
    "cancel": lambda book: iter([*_yesno(book), *((book.data.get("intents") or {}).get("cancel") or ())]),
    "text": lambda book: iter(book.texts("words")),
    "about": lambda book: iter([*book.texts("words"), *_services(book)]),
}


def grammar(
    expect: str,
    language: str,
    lexicon: Lexicon,
    offers: Sequence[datetime] = (),
    among: Sequence[str] = (),
    length: int | None = None,
) -> tuple[str, ...]:
    """Whole phrases for the question `expect` in `language`, commands, other languages and the sounds of a
    listener first; at most MOST of them.

    `offers`, `among` and `length` are those of Context. Words that a model lacks are left for its keeper to drop.
    """
    book = _Book(language, lexicon, offers, among)
    always = [*book.texts("commands"), *book.texts("languages"), *book.texts("listening")]
    phrases = (p.lower() for p in (*always, *_QUESTIONS[expect](book)))
    return tuple(islice(dict.fromkeys(phrases), MOST))
