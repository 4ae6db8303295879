"""What is typed as a prompt or as phrases: evened out, and checked as far as that needs nothing but itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from prompts.contents import Spot, Value
from prompts.errors import TextError
from prompts.spoken.forms import FORMS
from prompts.template import PLACEHOLDER, Placeholder, placeholders, stray_braces

LONGEST = 1500  # characters of a prompt: over a minute and a half
LONGEST_PHRASE = 200
MOST_PHRASES = 300
_MARKUP = re.compile(r"[<>]|&[a-z]+;|&#")
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")


def taken(spot: Spot, typed: str, known: Iterable[str], needed: Iterable[str]) -> Value:
    """What is to stand at `spot`. `known` are the texts whose placeholders have values there, in all languages;
    `needed` those whose placeholders must be said. Raises TextError."""
    if spot.kind == "phrases":
        return _phrases(typed, names_in(known))
    text = " ".join(_plain(typed, LONGEST).split())
    if not text:
        raise TextError("empty")
    _refuse_wrong_placeholders(text, names_in(known), names_in(needed))
    if spot.language == "hi" and not _DEVANAGARI.search(text) and any(c.isalpha() for c in PLACEHOLDER.sub("", text)):
        raise TextError("hindi")
    return (text,)


def names_in(texts: Iterable[str]) -> dict[str, Placeholder]:
    """The placeholders of some texts as they are written, each once."""
    return {str(p): p for text in texts for p in placeholders(text)}


def _plain(typed: str, longest: int) -> str:
    """`typed` without what keyboards and copies bring along unseen. Raises TextError."""
    text = "".join(c for c in typed if c.isprintable() or c.isspace() or c in "\u200c\u200d")
    if len(text) > longest:
        raise TextError("long", f"{len(text)} / {longest}")
    if found := _MARKUP.search(text):
        raise TextError("markup", found[0])
    return text


def _refuse_wrong_placeholders(text: str, known: Iterable[str], needed: Iterable[str]) -> None:
    found = names_in([text])
    if unknown := [name for name in found if name not in known]:
        code = "form" if any(p.form not in FORMS for name, p in found.items() if name in unknown) else "unknown"
        raise TextError(code, " ".join(unknown))
    if stray_braces(text):
        raise TextError("braces")
    if missing := [name for name in needed if name not in found]:
        raise TextError("missing", " ".join(missing))


def _phrases(typed: str, known: Iterable[str]) -> Value:
    lines = [" ".join(line.split()) for line in _plain(typed, LONGEST_PHRASE * MOST_PHRASES).splitlines()]
    phrases = tuple(dict.fromkeys(line for line in lines if line))
    if not phrases:
        raise TextError("no_phrase")
    if len(phrases) > MOST_PHRASES:
        raise TextError("phrases_many", str(MOST_PHRASES))
    for phrase in phrases:
        if len(phrase) > LONGEST_PHRASE or not any(c.isalnum() for c in phrase):
            raise TextError("phrase", phrase[:60])
        _refuse_wrong_placeholders(phrase, known, ())
    return phrases
