"""Prompt texts: their sentences and their placeholders `{name:form}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)(?::([a-z_]+))?\}")
RAW = "text"

# A mark ends a sentence only before a space or the end, so `3.5` and `mitan.in` stay whole; the danda always ends one.
_END = re.compile(r"[।॥]+[\"'”’)]*|[.?!…]+[\"'”’)]*(?=\s|$)")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[A-Za-z]|[ap]\.m|Dr|Mr|Mrs|Ms|No|Rs|Smt|St|vs|डॉ|रु|नं|कु|पं|मो|क्र)\.$")


@dataclass(frozen=True)
class Placeholder:
    """A variable part of a text: the value `name`, said in `form`."""

    name: str
    form: str = RAW

    def __str__(self) -> str:
        return f"{{{self.name}}}" if self.form == RAW else f"{{{self.name}:{self.form}}}"


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """The placeholders of `text`, in order."""
    return tuple(Placeholder(m[1], m[2] or RAW) for m in PLACEHOLDER.finditer(text))


def stray_braces(text: str) -> bool:
    """Whether `text` has a brace that belongs to no placeholder."""
    return bool(re.search(r"[{}]", PLACEHOLDER.sub("", text)))


def sentences(text: str) -> tuple[str, ...]:
    """`text` cut at its sentence ends, white space evened. Abbreviations and decimals do not end a sentence."""
    text = " ".join(text.split())
    parts, start = [], 0
    for end in _END.finditer(text):
        if _ABBREVIATION.search(text[start : end.end()]) and end.end() < len(text):
            continue
        parts.append(text[start : end.end()].strip())
        start = end.end()
    return tuple(p for p in (*parts, text[start:].strip()) if p)
