"""Templates of notices: a fixed text with typed variables, as operators register them, and the check of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import Any, Literal

Kind = Literal["number", "name", "text", "words", "date", "list"]

# Longest text by language: two parts of a Hindi SMS (67 characters each), one English SMS.
LONGEST = {"hi": 134, "en": 160}
VARIABLE = 40  # characters that operators allow in one variable; a list is sent as several
TEXT = 30  # characters of a `text`
GSM = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡¿§¨äöñüàÄÖÑÜ") | set(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
# What a variable of each kind may hold; letters are Latin ones and all of Devanagari with its signs.
_LETTERS = "A-Za-z\u0900-\u0963\u0970-\u097f\u200c\u200d"
ALLOWED: Mapping[Kind, str] = {
    "number": "0-9",
    "name": f"{_LETTERS} .\\-",
    "text": f"{_LETTERS}0-9 .,\\-()/",
    "words": f"{_LETTERS}0-9 .,\\-()/",
    "date": f"{_LETTERS}0-9 ,:/.",
    "list": f"{_LETTERS}0-9 .,\\-()/",
}
_FORBIDDEN = {kind: re.compile(f"[^{allowed}]") for kind, allowed in ALLOWED.items()}
_LOOSE = re.compile(r"\s+([.,)])")


@dataclass(frozen=True)
class Variable:
    """A variable's kind and its longest value by language, characters."""

    kind: Kind
    longest: Mapping[str, int]

    @staticmethod
    def of(data: Mapping[str, Any]) -> Variable:
        """From `{type: text, max: 30}`; `max` may be given by language."""
        longest = data["max"]
        return Variable(data["type"], longest if isinstance(longest, Mapping) else dict.fromkeys(LONGEST, longest))


def cleaned(variable: Variable, language: str, value: str) -> str:
    """`value` without what its kind forbids, and cut to its longest at the end of a word; for a list at a comma."""
    value = _FORBIDDEN[variable.kind].sub("" if variable.kind == "number" else " ", value)
    value = _LOOSE.sub(r"\1", " ".join(value.split()))
    longest = variable.longest[language]
    if len(value) <= longest:
        return value
    if variable.kind == "list" and ", " in value[: longest + 1]:
        return value[: longest + 1].rpartition(", ")[0]
    cut = value[: longest - 1]
    if " " in cut and value[longest - 1] != " " and cut.rindex(" ") >= longest // 2:
        cut = cut.rpartition(" ")[0]
    if cut.count("(") > cut.count(")"):
        cut = cut.rpartition("(")[0]
    cut = cut.rstrip(" .,-(/")
    return cut if variable.kind == "name" else f"{cut}."


def pieces(name: str, value: str) -> dict[str, str]:
    """The value as operators count it: one variable, or `name_1`, `name_2` … of at most 40 characters each."""
    if len(value) <= VARIABLE:
        return {name: value}
    parts = [value[i : i + VARIABLE] for i in range(0, len(value), VARIABLE)]
    return {f"{name}_{n}": part for n, part in enumerate(parts, 1)}


@lru_cache(maxsize=512)
def placeholders(text: str) -> tuple[str, ...]:
    """The names of the variables in `text`, in their order."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def registered(text: str, variables: Mapping[str, Variable], language: str) -> str:
    """The template as it is registered with the operators: `{#var#}` for each variable of up to 40 characters."""
    marks = {name: "{#var#}" * -(-variables[name].longest[language] // VARIABLE) for name in set(placeholders(text))}
    return text.format(**marks)


def sms_parts(text: str) -> int:
    """How many SMS a text takes: 160 characters (153 a part) of the GSM alphabet, else 70 (67 a part) of UCS-2."""
    gsm = set(text) <= GSM
    length = len(text) if gsm else len(text.encode("utf-16-le")) // 2
    one, part = (160, 153) if gsm else (70, 67)
    return 1 if length <= one else -(-length // part)


@dataclass(frozen=True)
class Fault:
    """What is wrong with the template of an event in a language ("": in all): a code, and the words it is about."""

    event: str
    language: str
    code: str
    what: str = ""

    def __str__(self) -> str:
        """As a sentence that names the template."""
        name = f"{self.event}.{self.language}" if self.language else self.event
        sentence = FAULTS[self.code].format(what=self.what, most=LONGEST.get(self.language, 0))
        return f"{name}: {sentence}"


FAULTS = {
    "no_text": "no text for {what}",
    "differs": "does not say {what}, another language does",
    "language": f"unknown language; there are {', '.join(LONGEST)}",
    "unreadable": "cannot be read: {what}",
    "form": "variables stand as {{name}} only: {what}",
    "unknown": "unknown variable {what}",
    "hindi": "Hindi without Devanagari",
    "alphabet": "not in the alphabet of an SMS: {what}",
    "long": "up to {what} characters; {most} are the most",
}


def faults(event: str, texts: Mapping[str, str], variables: Mapping[str, Variable]) -> Iterator[Fault]:
    """What is wrong with the template of `event`."""
    if missing := sorted(LONGEST.keys() - texts.keys()):
        yield Fault(event, "", "no_text", ", ".join(missing))
    for language, text in texts.items():
        yield from _text_faults(event, language, text, variables)
    named = {language: set(_names(text)) for language, text in texts.items()}
    if len({frozenset(names) for names in named.values()}) > 1:
        every = set.union(*named.values())
        for language, some in named.items():
            if every - some:
                yield Fault(event, language, "differs", ", ".join(sorted(every - some)))


def longest(text: str, variables: Mapping[str, Variable], language: str) -> str:
    """`text` with every variable at its longest, as x; for a text without faults."""
    return text.format(**{name: "x" * variables[name].longest[language] for name in set(placeholders(text))})


def _names(text: str) -> Sequence[str]:
    try:
        return placeholders(text)
    except ValueError:
        return []


def _text_faults(event: str, language: str, text: str, variables: Mapping[str, Variable]) -> Iterator[Fault]:
    if language not in LONGEST:
        yield Fault(event, language, "language")
        return
    try:
        names = placeholders(text)
    except ValueError as error:
        yield Fault(event, language, "unreadable", str(error))
        return
    if unknown := sorted(set(names) - variables.keys()):
        yield Fault(event, language, "unknown", ", ".join(unknown))
        return
    if "".join(_plain(text)) != text:
        yield Fault(event, language, "form", ", ".join(sorted(set(names))))
        return
    fixed = text.format(**dict.fromkeys(names, ""))
    if language == "hi" and not re.search("[\u0900-\u097f]", fixed):
        yield Fault(event, language, "hindi")
    if language == "en" and (strange := sorted(set(fixed) - GSM)):
        yield Fault(event, language, "alphabet", " ".join(strange))
    if (length := len(longest(text, variables, language))) > LONGEST[language]:
        yield Fault(event, language, "long", str(length))


def _plain(text: str) -> Iterator[str]:
    """The text put together again without the conversions and formats that a variable might have."""
    for fixed, name, _, _ in Formatter().parse(text):
        yield fixed.replace("{", "{{").replace("}", "}}") + ("" if name is None else f"{{{name}}}")
