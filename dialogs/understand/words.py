"""The dictionary of concepts: which word or fixed expression carries which meaning, and words near it by sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Indel

from dialogs.understand.data import load
from dialogs.understand.sound import sound
from dialogs.understand.text import clean
from dialogs.understand.thresholds import threshold

_SHORTEST_BY_SOUND = 3  # consonants and vowels; below that too many words sound alike
_SHORTEST_SLIPPED = 4
_SAME_SOUND = 0.99
_REMEMBERED = 20_000  # words; then the memory is emptied
_ABBREVIATED = 3  # letters: "dec" must not be heard in "देख"


@dataclass(frozen=True)
class Words:
    """Concepts by exact expression, by stem and by sound."""

    exact: Mapping[tuple[str, ...], str]
    stems: Mapping[tuple[str, ...], str]
    sounds: Mapping[str, str]
    slips: tuple[str, ...]
    longest: int
    known: frozenset[str]
    cache: dict[str, tuple[str, float]] = field(default_factory=dict, compare=False, repr=False)

    def expression(self, tokens: tuple[str, ...]) -> str:
        """The concept of exactly these tokens, or ""."""
        return self.exact.get(tokens) or self._stem(tokens)

    def _stem(self, tokens: tuple[str, ...]) -> str:
        last, head = tokens[-1], tokens[:-1]
        for size in range(len(last), 0, -1):
            concept = self.stems.get((*head, last[:size]))
            if concept:
                return concept
        return ""

    def word(self, token: str) -> str:
        """The concept of one token: exact, by stem, by sound, or within a slip of one; "" when it has none."""
        return self.likely(token)[0]

    def likely(self, token: str) -> tuple[str, float]:
        """The concept of one token and how like its word it is: 1 exact, a little less by sound, 0 when it has none."""
        if token not in self.cache:
            if len(self.cache) > _REMEMBERED:
                self.cache.clear()
            exact = self.expression((token,))
            self.cache[token] = (exact, 1.0) if exact else self._heard(token)
        return self.cache[token]

    def _heard(self, token: str) -> tuple[str, float]:
        if token in self.known or token.isdecimal():
            return "", 0.0
        key = sound(token)
        if len(key) < _SHORTEST_BY_SOUND:
            return "", 0.0
        if key in self.sounds:
            return self.sounds[key], _SAME_SOUND
        if len(key) < _SHORTEST_SLIPPED:
            return "", 0.0
        near = process.extractOne(key, self.slips, scorer=Indel.normalized_similarity, score_cutoff=threshold("word"))
        return (self.sounds[near[0]], near[1]) if near and near[0][0] == key[0] else ("", 0.0)


def build(entries: Mapping[str, str], known: Iterable[str] = (), firm: Iterable[str] = ()) -> Words:
    """A dictionary from concept -> words parted by blanks (`_` joins, `*` ends a stem).

    Words of `firm` concepts must be heard as they are: a slip of the ear must not make an accusation of a niece.
    """
    strict = frozenset(firm)
    exact: dict[tuple[str, ...], str] = {}
    stems: dict[tuple[str, ...], str] = {}
    sounds: dict[str, str] = {}
    for concept, words in entries.items():
        for word in words.split():
            parts = tuple(clean(p) for p in word.rstrip("*").split("_") if p)
            if not parts:
                continue
            (stems if word.endswith("*") else exact).setdefault(parts, concept)
            if (
                len(parts) == 1
                and (not parts[0].isascii() or len(parts[0]) > _ABBREVIATED)
                and len(key := sound(parts[0])) >= _SHORTEST_BY_SOUND
                and not word.endswith("*")
            ):
                sounds.setdefault(key, concept)
    slips = tuple(k for k, concept in sounds.items() if len(k) >= _SHORTEST_SLIPPED and concept not in strict)
    longest = max((len(k) for k in (*exact, *stems)), default=0)
    return Words(exact, stems, sounds, slips, longest, frozenset(clean(k) for k in known))


@lru_cache(maxsize=1)
def words() -> Words:
    """The concepts of days and hours (`calendar.yaml`) and of ordinary words (`words.yaml`)."""
    ordinary = load("known.yaml")
    known, firm = (str(ordinary[name]).split() for name in ("words", "firm"))
    return build({**load("calendar.yaml"), **load("words.yaml")}, known, firm)
