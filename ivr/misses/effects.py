"""What a new phrase changes in what callers said: sentences that are understood then, and others with a new meaning."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dialogs.flow import Node
from dialogs.understand import Lexicon
from dialogs.understand.compare import Said, Shift, outcome, shifts
from dialogs.understand.sentences import question, stolen
from ivr.misses.grouping import Group
from ivr.misses.report import Answered
from ivr.misses.sentences import digest, language_of

_OFFERED = ("slot", "area")  # what was offered then is not known any more


@dataclass(frozen=True)
class Effect:
    """Of the group: the sentences (their hashes) that mean what they are assigned to, how many were missed (`of`) and
    how many of these would be understood now. `others`: sentences outside of the group that mean something else then.
    """

    hashes: Collection[str]
    understood: int
    of: int
    others: Sequence[Shift]


def effect(
    lexicons: tuple[Lexicon, Lexicon], group: Group, target: str, said: Iterable[Answered], nodes: Mapping[str, Node]
) -> Effect:
    """What happens when `target` (the key of a list of phrases) gets the phrases of the second lexicon; `said` is what
    callers said in all (1,500 sentences take some 1 s)."""
    before, after = lexicons
    meant = _meaning(target)
    own = {s.hash for s in group.sentences}
    right = [s for s in group.sentences if _means(s.text, nodes[group.node], after, meant)]
    beside = [one for one in said if not (one.node == group.node and digest(one.text) in own)]
    sayings = [_said(one.text, nodes[one.node]) for one in beside if nodes[one.node].expect not in _OFFERED]
    return Effect(
        hashes=[s.hash for s in right],
        understood=sum(s.count for s in right),
        of=group.count,
        others=_others((before, after), sayings, own),
    )


def _others(lexicons: tuple[Lexicon, Lexicon], sayings: Sequence[Said], own: Collection[str]) -> list[Shift]:
    """The changed sentences of callers, and those of the product that lose their meaning, each once. The group's `own`
    are none, also where they stand among the phrases now."""
    if lexicons[0] == lexicons[1]:
        return []
    taken = (one for one in stolen(*lexicons) if digest(one.said.text) not in own)
    found = [*shifts(*lexicons, sayings), *taken]
    return list({(one.said.text, one.said.expect): one for one in found}.values())


def _meaning(target: str) -> Mapping[str, object]:
    section, _, key = target.partition(".")
    _, field, value = question(section, key)
    return {field: value}


def _means(text: str, node: Node, lexicon: Lexicon, meant: Mapping[str, object]) -> bool:
    kinds = [kind for kind in (node.expect, node.also) if kind]
    found = (outcome(_said(text, node, kind).meaning(lexicon)) for kind in kinds)
    return any(meant.items() <= one.items() for one in found)


def _said(text: str, node: Node, expect: str = "") -> Said:
    return Said(text, expect or node.expect, language_of(text), length=node.length)
