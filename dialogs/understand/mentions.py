"""Values named in an utterance, and which of them the caller takes back ("कल नहीं परसों", "B not A", "A sorry B")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dialogs.understand.said import Part, Said

AFTER = ("nahi", "except", "instead_of", "mat", "no_need", "none", "absent")  # these follow what they take back
_BETWEEN = ("repair", "no", "wrong")
_ENGLISH_BEFORE = ("except", "excluding", "instead", "rather", "barring")
_GLUE = 4  # words that may stand between a value and the नहीं that takes it back


@dataclass(frozen=True)
class Mention:
    """`value` of `kind` said by the parts `start` to `end` (exclusive)."""

    kind: str
    start: int
    end: int
    value: Any


def _negated_after(said: Said, mention: Mention, following: int) -> bool:
    stop = min(following, mention.end + _GLUE, len(said.parts))
    if said.parts[-1].text in ("क्या", "kya") and following == len(said.parts):
        return False  # "बुधवार सुबह नहीं है क्या" asks for it
    return any(p.concept in AFTER for p in said.parts[mention.end : stop])


def _negated_before(said: Said, mention: Mention, preceding: int) -> bool:
    before = said.parts[max(preceding, mention.start - 3) : mention.start]
    return any(p.concept == "not" or p.words[0] in _ENGLISH_BEFORE for p in before)


def taken_back(said: Said, mentions: Sequence[Mention]) -> set[Mention]:
    """The mentions that the caller rejects or replaces."""
    out: set[Mention] = set()
    ordered = sorted(mentions, key=lambda m: m.start)
    for at, mention in enumerate(ordered):
        following = ordered[at + 1].start if at + 1 < len(ordered) else len(said.parts)
        preceding = ordered[at - 1].end if at else 0
        if _negated_before(said, mention, preceding) or _negated_after(said, mention, following):
            out.add(mention)
            continue
        later = [m for m in ordered[at + 1 :] if m.kind == mention.kind]
        if later and _repaired(said.parts[mention.end : later[0].start]):
            out.add(mention)
    for first, second in reversed(list(pairwise(ordered))):
        together = first.kind == second.kind and first.end == second.start
        if together and second in out and any(p.concept == "except" for p in said.parts[second.end : second.end + 2]):
            out.add(first)  # "शनिवार इतवार छोड़कर"
    return out


def _repaired(between: Sequence[Part]) -> bool:
    return any(p.concept in _BETWEEN for p in between)


def kept(said: Said, mentions: Sequence[Mention], kind: str, among: Sequence[Mention] = ()) -> list[Mention]:
    """The mentions of `kind` that stand; `among` are all mentions, so that a नहीं goes to the nearest one."""
    gone = taken_back(said, among or mentions)
    return [m for m in mentions if m.kind == kind and m not in gone]
