"""Sentences by which a change of phrases is judged: those that came with the product, and the phrases themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from dialogs.understand.compare import Said, Shift, outcome, shifts
from dialogs.understand.lexicon import Lexicon
from dialogs.understand.lines import Line, parse_line
from dialogs.understand.meaning import Meaning

FILE = Path(__file__).with_name("sentences.jsonl")
# The question at which the phrases of a section are heard, and what one of them means there.
ASKED = {
    "services": ("service", "service"), "cities": ("city", "city"), "languages": ("language", "language"),
    "commands": ("intent", "intent"), "intents": ("intent", "intent"), "fixes": ("confirm", "fix"),
    "complaints": ("complaint", "complaint"),
}  # fmt: skip
_ANSWERS: dict[str, tuple[str, str, object]] = {
    "yes": ("yesno", "yesno", "yes"), "no": ("yesno", "yesno", "no"), "all_right": ("confirm", "yesno", "yes"),
    "next": ("yesno", "intent", "next"), "none": ("slot", "choice", "none"),
}  # fmt: skip


@lru_cache(maxsize=1)
def sentences() -> tuple[Said, ...]:
    """The product's own sentences, at all kinds of questions, with their right meaning."""
    return tuple(_said(parse_line(text)) for text in FILE.read_text("utf-8").splitlines())


def _said(line: Line) -> Said:
    language = "en" if line.lang == "en" else "hi"
    return Said(line.text, line.expect, language, line.now, line.offers, line.length, line.among, line.gold)


def of_phrases(lexicon: Lexicon) -> Iterator[Said]:
    """Every phrase of the lexicon that is an answer by itself, said at the question that it answers; `meant` is its
    list's meaning."""
    ids: dict[str, Collection[str]] = {"services": lexicon.catalogue.service, "cities": lexicon.catalogue.city}
    for language, tree in lexicon.phrases.items():
        for section, key, phrase in _whole(tree):
            expect, field, value = question(section, key)
            if expect and key in ids.get(section, (key,)):
                yield Said(phrase, expect, language, meant={field: value})


def question(section: str, key: str) -> tuple[str, str, object]:
    """Where the phrases of a list are heard, and the field and value that they mean there; ("", "", None) for those
    that mean nothing by themselves (days, numbers, ways to put a name into a sentence)."""
    if section == "answers":
        return _ANSWERS.get(key, ("", "", None))
    expect, field = ASKED.get(section, ("", ""))
    return (expect, field, key) if expect else ("", "", None)


def _whole(tree: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for section, lists in tree.items():
        for key, phrases in lists.items() if isinstance(lists, Mapping) else ():
            yield from ((section, str(key), phrase) for phrase in phrases if "{" not in phrase)


def stolen(before: Lexicon, after: Lexicon, heard: Iterable[Said] = ()) -> list[Shift]:
    """The sentences that lose their meaning: the product's, the phrases that stand in lists, and those `heard` from
    callers. Each once, in this order."""
    own = (replace(said, meant=None) for said in of_phrases(after))  # some stand for two on purpose
    known: dict[tuple[str, str], Said] = {}
    for said in (*sentences(), *own, *heard):
        known.setdefault((said.text, said.expect), said)
    return [one for one in shifts(before, after, known.values()) if one.away]


def useless(before: Lexicon, after: Lexicon) -> list[tuple[Said, Meaning]]:
    """The phrases that are new in `after` and are not understood there as their list means, with what they mean."""
    old = {(said.text, str(said.meant)) for said in of_phrases(before)}
    new = (said for said in of_phrases(after) if (said.text, str(said.meant)) not in old)
    judged = ((said, said.meaning(after)) for said in new)
    return [(said, meaning) for said, meaning in judged if not (said.meant or {}).items() <= outcome(meaning).items()]
