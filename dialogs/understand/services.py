"""Which service is meant: features of the words against features of every way to name a service.

A candidate is as good as the part of the caller's telling words that it explains. What several explain equally well
stays open: the dialog then asks which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dialogs.understand.lexicon import Lexicon, Phrase, features, things
from dialogs.understand.numbers import value
from dialogs.understand.text import tokens
from dialogs.understand.thresholds import threshold
from dialogs.understand.words import words

_TAKES_BACK = ("nahi", "no", "repair", "instead_of")
Spot = tuple[int, int, str]


@dataclass(frozen=True)
class Named:
    """The services meant, how sure (0..1), the runners-up, and whether the caller corrected himself."""

    ids: tuple[str, ...] = ()
    score: float = 0.0
    near: tuple[str, ...] = ()
    corrected: bool = False
    subject: bool = False


def _heard(found: Sequence[str], lexicon: Lexicon) -> list[Spot]:
    out = []
    for start, end, feature in features(found):
        if feature not in lexicon.weight:
            feature = _slipped(found[start], lexicon) if end == start + 1 else ""
        if feature:
            out.append((start, end, feature))
    return out


def _slipped(word: str, lexicon: Lexicon) -> str:
    ordinary = words()
    plain = word in ordinary.known or ordinary.expression((word,)) or value(word) is not None
    return "" if plain else lexicon.feature(word)


def _marks(found: Sequence[str]) -> list[tuple[int, str]]:
    lexicon = words()
    out = [(i, lexicon.expression((w,))) for i, w in enumerate(found)]
    out += [(i, "repair") for i in range(len(found) - 1) if lexicon.expression(tuple(found[i : i + 2])) == "repair"]
    out += [(i, "instead_of") for i in range(len(found) - 1) if lexicon.expression(tuple(found[i : i + 2])) == "instead_of"]
    return [(i, c) for i, c in out if c in (*_TAKES_BACK, "not")]


def _standing(spots: list[Spot], found: Sequence[str], general: frozenset[str]) -> tuple[list[Spot], bool]:
    """The features that stand after "X नहीं Y", "not X but Y", "Y not X"; and whether anything was taken back."""
    for at, mark in reversed(_marks(found)):
        telling = [s for s in spots if s[2] not in general]
        before = [s for s in telling if s[1] <= at]
        after = [s for s in telling if s[0] > at]
        if mark == "not":
            if before and after and after[0][0] - at <= 3:
                return [s for s in spots if s[1] <= at], True
            if len(after) > 1 and after[0][0] - at <= 3 and after[0][2] != after[-1][2]:
                return [s for s in spots if s[0] > after[0][1]], True
            continue
        close = at - before[-1][1] <= (2 if mark in ("nahi", "instead_of") else 6) if before else False
        if before and after and close and before[-1][2] != "correction":
            return _without(spots, before[-1], at), True
    return spots, False


def _without(spots: list[Spot], last: Spot, at: int) -> list[Spot]:
    """Takes back what stands before `at`, but keeps what the new words need: "जन्म नहीं मृत्यु प्रमाण पत्र में सुधार"."""
    return [s for s in spots if s[0] > at] if last else spots


def _ranked(given: Sequence[str], lexicon: Lexicon, among: Sequence[str]) -> dict[str, tuple[float, float, float]]:
    """By service: explained telling weight, explained general weight, and minus what is left unsaid."""
    general, weight = lexicon.general, lexicon.weight
    said, best = set(given), {}
    candidates = {i for f in said if f not in general or among for i in lexicon.by_feature.get(f, ())}
    for at in candidates:
        phrase = lexicon.services[at]
        if among and phrase.service not in among:
            continue
        rank = _rank(phrase, said, weight, general)
        if rank > best.get(phrase.service, (-1.0, 0.0, 0.0)):
            best[phrase.service] = rank
    return best


def _rank(phrase: Phrase, said: set[str], weight: dict[str, float], general: frozenset[str]) -> tuple[float, float, float]:  # type: ignore[type-arg]
    both = phrase.features & said
    telling = sum(weight[f] for f in both if f not in general)
    loose = sum(weight[f] for f in both if f in general)
    unsaid = sum(weight[f] for f in phrase.telling - said)
    return round(telling, 6), round(loose, 6), -round(unsaid, 6)


def _chosen(ranks: dict[str, tuple[float, float, float]]) -> list[str]:
    """The best services; those of which nothing telling is left unsaid win over longer names."""
    top = max(r[0] for r in ranks.values())
    equal = {s: r for s, r in ranks.items() if r[0] >= top - 1e-6}
    whole = [s for s, r in equal.items() if r[2] == 0]
    pool = whole or list(equal)
    loose = max(equal[s][1] for s in pool)
    return [s for s in pool if equal[s][1] >= loose - 1e-6]


def find_services(text: str, lexicon: Lexicon, among: Sequence[str] = ()) -> Named:
    """The services that `text` names; none when nothing telling was said or another office's matter was."""
    found = tokens(text)
    spots, corrected = _standing(_heard(found, lexicon), found, lexicon.general)
    given = [f for _, _, f in spots]
    if not given or (not among and all(f in lexicon.general for f in given)):
        return Named(corrected=corrected)
    given = _sensible(given, lexicon)
    ranks = _ranked(given, lexicon, among)
    if not ranks:
        return Named(corrected=corrected)
    order = [s.id for s in lexicon.catalogue.services]
    ids = sorted(_chosen(ranks), key=order.index)
    explained = ranks[ids[0]][0]
    all_telling = sum(lexicon.weight[f] for f in set(given) if f not in lexicon.general)
    score = explained / all_telling if all_telling else (1.0 if among else 0.0)
    if _of_another_office(found, ranks[ids[0]], given, lexicon) or _spoiled(found, given) or score < threshold("service"):
        return Named(corrected=corrected)
    near = sorted(set(ranks) - set(ids), key=lambda s: ranks[s], reverse=True)[:3]
    subject = any(f not in lexicon.general and f not in things()[3] for f in given)
    return Named(tuple(ids), round(score, 3), tuple(near), corrected, subject)


def _spoiled(found: Sequence[str], given: Sequence[str]) -> bool:
    """A word that makes it another office's matter ("Aadhaar update": only children are enrolled here)."""
    for feature, spoilers in things()[4].items():
        if feature in given:
            aged = any((value(w) or 0) > 5 and nxt in _YEARS for w, nxt in pairwise((*found, "")))
            mine = "child" not in given and "enrol" not in given
            if any(spoilers.expression((w,)) == "always" for w in found) or aged:
                return True
            if mine and any(spoilers.expression((w,)) == "alone" for w in found):
                return True
    return False


_YEARS = frozenset("साल वर्ष बरस years year saal".split())


def _sensible(given: list[str], lexicon: Lexicon) -> list[str]:
    """Drops what only describes the family: "name" and "new" decide among ration cards, "child" only for Aadhaar."""
    return [f for f in given if f in lexicon.weight]


def _of_another_office(found: Sequence[str], rank: tuple[float, float, float], given: list[str], lexicon: Lexicon) -> bool:
    elsewhere = things()[2]
    hit = False
    for at in range(len(found)):
        for size in (3, 2, 1):
            if at + size <= len(found) and elsewhere.expression(tuple(found[at : at + size])):
                hit = True
    if not hit:
        return False
    strong = [f for f in set(given) if f not in lexicon.general and f not in _WEAK]
    return rank[2] < 0 or not strong


_WEAK = frozenset("correction add remove copy transfer surrender land use land_use document court shop labour income".split())
