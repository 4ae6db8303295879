"""The lexicon: a catalogue and its phrases made ready for quick matching; built once, never changed."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Indel

from dialogs.catalogue import Catalogue, City
from dialogs.understand.data import load
from dialogs.understand.numbers import value
from dialogs.understand.phrases import Phrases, build_phrases
from dialogs.understand.sound import sound
from dialogs.understand.text import clean, tokens
from dialogs.understand.words import Words, build

LINKS = frozenset(
    clean(w)
    for w in (
        "का की के को में से एवं और तक पर हेतु बर ल ले म ह वाला वाली है हे एक "
        "of the a an for to and in from on or by with one up i my ka ki ke ko me mein se k hai h"
    ).split()
)
_SLIP = 0.8  # likeness of sound keys at which an unknown word stands for a word of the catalogue
_DONE = 0.6  # weight of what is done to a paper beside the paper itself
_COMMON = 0.15  # part of the services
_SHORTEST = 4  # letters of a sound key that may be slipped
_SHORTEST_SPELLED = 5  # letters of a spelled word that may be slipped


class Things(NamedTuple):
    """What `things.yaml` holds (see there)."""

    features: Words
    general: frozenset[str]
    elsewhere: Words
    done: frozenset[str]
    spoiled: Mapping[str, Words]
    ordinary: frozenset[str]


@dataclass(frozen=True)
class Phrase:
    """One way to name a service: its features, those of them that tell services apart, and its weight."""

    service: str
    features: frozenset[str]
    telling: frozenset[str]


@lru_cache(maxsize=1)
def things() -> Things:
    """`things.yaml`, read once."""
    data: dict[str, Any] = load("things.yaml")
    spoilers = {feature: build(words) for feature, words in data["spoiled"].items()}
    elsewhere = build({"elsewhere": data["elsewhere"]})
    general, done, ordinary = (frozenset(data[k]) for k in ("general", "done", "ordinary"))
    return Things(build(data["features"]), general, elsewhere, done, spoilers, ordinary)


@lru_cache(maxsize=1)
def places() -> tuple[Mapping[str, str], Words]:
    """By-names of cities by id, and places that are not covered."""
    data: dict[str, Any] = load("places.yaml")
    return data["names"], build({"elsewhere": data["elsewhere"]})


@dataclass(frozen=True)
class Lexicon:
    """Everything that understanding and the recogniser's grammars need of a catalogue and its phrases."""

    catalogue: Catalogue
    phrases: Mapping[str, Mapping[str, Any]]
    services: tuple[Phrase, ...]
    by_feature: Mapping[str, tuple[int, ...]]
    weight: Mapping[str, float]
    general: frozenset[str]
    vocabulary: tuple[str, ...]
    spelled: Mapping[str, str]
    cities: Words
    city_sounds: Mapping[str, tuple[str, ...]]
    whole: Phrases
    order: Mapping[str, int]
    words: frozenset[str]
    remembered: dict[str, tuple[str, float]] = field(default_factory=dict, compare=False, repr=False)

    def feature(self, word: str) -> str:
        """The feature that one cleaned word carries here, slips survived; "" when it carries none."""
        return self.likely(word)[0]

    def likely(self, word: str) -> tuple[str, float]:
        """The feature of one cleaned word and how like its own word it is, 0..1."""
        if word not in self.remembered:
            if len(self.remembered) > 50_000:
                self.remembered.clear()
            self.remembered[word] = self._feature(word)
        return self.remembered[word]

    def _feature(self, word: str) -> tuple[str, float]:
        exact = feature_of((word,))
        if exact in self.weight or word in LINKS or word.isdecimal() or not exact.startswith("~"):
            return (exact, 1.0) if exact in self.weight else ("", 0.0)
        near, likeness = self._nearest(exact[1:], self.vocabulary, _SHORTEST)
        if near:
            return self._named(near), likeness
        near, likeness = self._nearest(word, tuple(self.spelled), _SHORTEST_SPELLED)
        return self.spelled.get(near, ""), likeness

    def _nearest(self, word: str, known: Sequence[str], shortest: int) -> tuple[str, float]:
        """The known key within a slip or two of `word` and with its first letter, and their likeness; or ""."""
        if len(word) < shortest:
            return "", 0.0
        best = process.extractOne(word, known, scorer=Indel.normalized_similarity, score_cutoff=_SLIP)
        return (best[0], best[1]) if best and best[0][:1] == word[:1] else ("", 0.0)

    def _named(self, key: str) -> str:
        name = things().features.sounds.get(key, "~" + key)
        return name if name in self.weight else ""


def feature_of(words: tuple[str, ...]) -> str:
    """The feature of exactly these words: a thing's name, or "~" and the sound of an unlisted word."""
    listed = things().features
    found = listed.expression(words)
    if found or len(words) > 1:
        return found
    key = sound(words[0])
    for form in (key, key[:-1] if key[-1:] in ("e", "o") else key):  # "खसरे" is a form of "खसरा"
        if len(form) >= 3 and form in listed.sounds:
            return listed.sounds[form]
    return "~" + key


def features(words: Sequence[str]) -> list[tuple[int, int, str]]:
    """The features of a name or phrase with where they begin and end, longest expressions first."""
    out, at, longest = [], 0, things().features.longest
    while at < len(words):
        for size in range(min(longest, len(words) - at), 1, -1):
            if found := feature_of(tuple(words[at : at + size])):
                out.append((at, at + size, found))
                at += size
                break
        else:
            if words[at] not in LINKS:
                out.append((at, at + 1, feature_of((words[at],))))
            at += 1
    return out


def ways(catalogue: Catalogue, phrases: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Every way to name a service: its id with its official names and its phrases."""
    for service in catalogue.services:
        yield service.id, service.hi
        yield service.id, service.en
        for language in phrases.values():
            for phrase in (language.get("services") or {}).get(service.id, ()):
                yield service.id, phrase


def _phrases(
    catalogue: Catalogue, phrases: Mapping[str, Mapping[str, Any]]
) -> tuple[tuple[Phrase, ...], frozenset[str]]:
    named: dict[tuple[str, frozenset[str]], None] = {}
    for service, way in ways(catalogue, phrases):
        if found := frozenset(f for _, _, f in features(tokens(way)) if f not in ("", "~")):
            named[(service, found)] = None
    general = _general(catalogue)
    return tuple(Phrase(s, f, f - general or f) for s, f in named), general


def _general(catalogue: Catalogue) -> frozenset[str]:
    """The general features here: number words are; "new" tells services apart where many names have it."""
    new = sum(any(f == "new" for _, _, f in features(tokens(s.en))) for s in catalogue.services)
    named = {word for s in catalogue.services for name in (s.hi, s.en) for word in tokens(name)}
    numbers = {feature_of((word,)) for word in named if value(word) is not None and not word.isdecimal()}
    return (things().general | numbers) - ({"new"} if new > _COMMON * len(catalogue.services) else set())


def _weights(phrases: Sequence[Phrase], general: frozenset[str]) -> dict[str, float]:
    owners: dict[str, set[str]] = defaultdict(set)
    for phrase in phrases:
        for feature in phrase.features:
            owners[feature].add(phrase.service)
    count, done = len({p.service for p in phrases}), things().done
    return {
        f: (0.2 if f in general else _DONE if f in done else 1.0) * (1 + math.log(max(1, count) / len(ids)))
        for f, ids in owners.items()
    }


def _spelled(
    catalogue: Catalogue, phrases: Mapping[str, Mapping[str, Any]], weight: Mapping[str, float]
) -> dict[str, str]:
    """The longer words of names and phrases as they are spelled, with their features."""
    found = {word for _, way in ways(catalogue, phrases) for word in tokens(way) if len(word) >= _SHORTEST_SPELLED}
    return {word: feature for word in sorted(found) if (feature := feature_of((word,))) in weight}


def _joined_sound(name: str) -> str:
    return "".join(sound(part) for part in name.split("_"))


def _city_names(city: City, phrases: Mapping[str, Mapping[str, Any]]) -> str:
    names = [city.hi, city.en, *city.also, *[" ".join(w.split("_")) for w in places()[0].get(city.id, "").split()]]
    for language in phrases.values():
        names += (language.get("cities") or {}).get(city.id, ())
    return " ".join("_".join(tokens(n.replace("-", " "))) for n in names)


def _sounds_of_cities(catalogue: Catalogue, phrases: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    out: dict[str, Counter[str]] = defaultdict(Counter)
    for city in catalogue.cities:
        for name in _city_names(city, phrases).split():
            for key in {sound(name.replace("_", "")), _joined_sound(name)}:
                out[key][city.id] += 1
    return {key: tuple(ids) for key, ids in out.items() if len(key) >= 3}


def build_lexicon(catalogue: Catalogue, phrases: Mapping[str, Mapping[str, Any]]) -> Lexicon:
    """Makes the lexicon of `catalogue`; `phrases` is {language: parsed phrases.yaml}, with fewer or more services."""
    named, general = _phrases(catalogue, phrases)
    index: dict[str, list[int]] = defaultdict(list)
    for at, phrase in enumerate(named):
        for feature in phrase.features:
            index[feature].append(at)
    weight = _weights(named, general)
    listed = {k for k, f in things().features.sounds.items() if f in weight}
    return Lexicon(
        catalogue=catalogue,
        phrases=phrases,
        services=named,
        by_feature={f: tuple(ids) for f, ids in index.items()},
        weight=weight,
        general=general,
        vocabulary=tuple(sorted(k for k in listed | {f[1:] for f in weight if f[0] == "~"} if len(k) >= _SHORTEST)),
        spelled=_spelled(catalogue, phrases, weight),
        cities=build({city.id: _city_names(city, phrases) for city in catalogue.cities}),
        city_sounds=_sounds_of_cities(catalogue, phrases),
        whole=build_phrases(phrases),
        words=frozenset(word for _, way in ways(catalogue, phrases) for word in tokens(way)),
        order={service.id: at for at, service in enumerate(catalogue.services)},
    )
