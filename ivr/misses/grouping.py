"""Misses by question and likeness: what sounds alike is one group, the most frequent sentence leads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import process
from rapidfuzz.distance import Indel

from booking.misses.finding import Miss
from ivr.misses.sentences import digest, language_of, shown, sounding

LIKE = 0.72  # likeness of the sounds of two sentences of one group
MOST = 2000  # different sentences of a question that are compared; rarer ones are left out


@dataclass(frozen=True)
class Sentence:
    """One sentence (all spellings that are the same to us): its hash, a text, and every time that it was missed."""

    hash: str
    text: str
    misses: Sequence[Miss]

    @property
    def count(self) -> int:
        """How often."""
        return len(self.misses)

    @property
    def last(self) -> Miss:
        """The latest time."""
        return max(self.misses, key=lambda miss: miss.started_at)


@dataclass(frozen=True)
class Group:
    """Sentences that sound alike at one question, the most frequent first; `before` is how often such were missed in
    the span before."""

    node: str
    language: str
    sentences: Sequence[Sentence]
    before: int = 0

    @property
    def hash(self) -> str:
        """That of its first sentence."""
        return self.sentences[0].hash

    @property
    def misses(self) -> list[Miss]:
        """All of them."""
        return [miss for sentence in self.sentences for miss in sentence.misses]

    @property
    def count(self) -> int:
        """How many."""
        return sum(sentence.count for sentence in self.sentences)

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many of which kind, the most first."""
        return dict(Counter(miss.kind for miss in self.misses).most_common())

    @property
    def meant(self) -> tuple[str, str] | None:
        """What most of these callers got across in the end."""
        found = Counter(miss.meant for miss in self.misses if miss.meant).most_common(1)
        return found[0][0] if found else None


def groups(misses: Iterable[Miss], since: datetime) -> list[Group]:
    """The groups with misses from `since` on, the largest first; the earlier ones are counted as `before`."""
    by_place: dict[tuple[str, str], dict[str, list[Miss]]] = {}
    for miss in misses:
        place = (miss.node, language_of(miss.text))
        by_place.setdefault(place, {}).setdefault(digest(shown(miss.text)), []).append(miss)
    found = [group for place, said in by_place.items() for group in _groups(place, said, since)]
    return sorted(found, key=lambda group: (-group.count, group.node, group.sentences[0].text))


def _groups(place: tuple[str, str], said: Mapping[str, list[Miss]], since: datetime) -> list[Group]:
    """The groups of one question in one language."""
    often = sorted(said.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST]
    leaders: dict[str, list[tuple[str, list[Miss]]]] = {}
    for hash, found in often:
        leaders.setdefault(_leader(sounding(shown(found[0].text)), leaders), []).append((hash, found))
    made = (_group(place, members, since) for members in leaders.values())
    return [group for group in made if group]


def _leader(sounds: str, leaders: Mapping[str, object]) -> str:
    """The leader that sounds like it, or itself."""
    best = process.extractOne(sounds, list(leaders), scorer=Indel.normalized_similarity, score_cutoff=LIKE)
    return str(best[0]) if best else sounds


def _group(place: tuple[str, str], members: Sequence[tuple[str, list[Miss]]], since: datetime) -> Group | None:
    sentences, before = [], 0
    for hash, found in members:
        late = [miss for miss in found if miss.started_at >= since]
        before += len(found) - len(late)
        if late:
            sentences.append(Sentence(hash, shown(late[-1].text), late))
    sentences.sort(key=lambda sentence: -sentence.count)
    return Group(*place, sentences, before) if sentences else None
