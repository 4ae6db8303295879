"""Which service is meant: features of the words against features of every way to name a service.

A candidate is as good as the part of the caller's telling words that it explains. What several explain equally well
stays open: the dialog then asks which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise

from dialogs.understand.lexicon import LINKS, Lexicon, Phrase, features, things
from dialogs.understand.numbers import value
from dialogs.understand.text import tokens
from dialogs.understand.thresholds import threshold
from dialogs.understand.words import words

_TAKES_BACK = ("nahi", "no", "repair", "instead_of")
_TELLING_AMONG = ("new", "member", "registration", "card", "certificate", "licence")  # where a few were named
_SAME = 1e-6  # weights that differ by less are equal
Spot = tuple[int, int, str]
Rank = tuple[float, float, float]


@dataclass(frozen=True)
class Named:
    """The services meant, how sure (0..1), the runners-up, and whether the caller corrected himself."""

    ids: tuple[str, ...] = ()
    score: float = 0.0
    near: tuple[str, ...] = ()
    corrected: bool = False
    subject: bool = False


def spots(found: Sequence[str], lexicon: Lexicon) -> list[Spot]:
    """Where the words `found` carry features of services, and which."""
    out = []
    for start, end, feature in features(found):
        word = found[start]
        listed = things().features.expression(tuple(found[start:end])) == feature or word in lexicon.words
        if not listed and _ordinary(word):
            continue
        if feature not in lexicon.weight:
            feature, likeness = lexicon.likely(word) if end == start + 1 else ("", 0.0)
            if likeness < words().likely(word)[1]:
                continue
        if feature:
            out.append((start, end, feature))
    return out


def _ordinary(word: str) -> bool:
    """Whether `word` is a word of everyday speech, not to be taken for a service's word that sounds alike."""
    lexicon = words()
    return bool(word in lexicon.known or lexicon.expression((word,)) or value(word) is not None)


def _marks(found: Sequence[str]) -> list[tuple[int, str]]:
    lexicon = words()
    out = [(i, lexicon.expression((w,))) for i, w in enumerate(found)]
    out += [(i, "repair") for i in range(len(found) - 1) if lexicon.expression(tuple(found[i : i + 2])) == "repair"]
    out += [
        (i, "instead_of") for i in range(len(found) - 1) if lexicon.expression(tuple(found[i : i + 2])) == "instead_of"
    ]
    return [(i, c) for i, c in out if c in (*_TAKES_BACK, "not")]


def _standing(named: list[Spot], found: Sequence[str], lexicon: Lexicon) -> tuple[list[Spot], bool]:
    """The features that stand after "X नहीं Y", "not X but Y", "Y not X"; and whether anything was taken back."""
    part_of_names = {i for start, end, _ in named for i in range(start, end)}
    for at, mark in reversed([m for m in _marks(found) if m[0] not in part_of_names]):
        telling = [s for s in named if s[2] not in lexicon.general]
        before = [s for s in telling if s[1] <= at]
        after = [s for s in telling if s[0] > at]
        if mark == "not":
            if before and after and after[0][0] - at <= 3:
                return [s for s in named if s[1] <= at], True
            if len(after) > 1 and after[0][0] - at <= 3 and after[0][2] != after[-1][2]:
                return [s for s in named if s[0] >= after[0][1]], True
            continue
        close = at - before[-1][1] <= (2 if mark in ("nahi", "instead_of") else 6) if before else False
        if before and after and close and before[-1][2] != "correction":
            return [s for s in named if s[0] > at], True
    return _now_wanted(named, found, lexicon)


def _now_wanted(named: list[Spot], found: Sequence[str], lexicon: Lexicon) -> tuple[list[Spot], bool]:
    """ "पहले X सोचा था अब Y": what is named after "now", where something else was before."""
    concepts = [words().expression((w,)) for w in found]
    at = max((i for i, c in enumerate(concepts) if c == "now"), default=-1)
    telling = {s[0] < at for s in named if s[2] not in lexicon.general}
    if at > 0 and "before" in concepts[:at] and telling == {True, False}:
        return [s for s in named if s[0] > at], True
    return named, False


def _explained(said: set[str], lexicon: Lexicon, among: Sequence[str]) -> dict[int, float]:
    """By phrase that has any of the words: the weight of the caller's telling words that it explains."""
    out: dict[int, float] = {}
    for feature in said:
        weight = 0.0 if feature in lexicon.general else lexicon.weight[feature]
        if weight or among:
            for at in lexicon.by_feature.get(feature, ()):
                out[at] = out.get(at, 0.0) + weight
    if among:
        return {at: w for at, w in out.items() if lexicon.services[at].service in among}
    return out


def _ranked(said: set[str], lexicon: Lexicon, among: Sequence[str]) -> tuple[dict[str, Rank], tuple[str, ...]]:
    """The services that explain most of `said` with their rank, and the next best ones."""
    explained = _explained(said, lexicon, among)
    if not explained:
        return {}, ()
    top = max(explained.values())
    best: dict[str, Rank] = {}
    for at in (at for at, w in explained.items() if w >= top - _SAME):
        phrase = lexicon.services[at]
        rank = _rank(phrase, said, top, lexicon)
        if rank > best.get(phrase.service, (-1.0, 0.0, 0.0)):
            best[phrase.service] = rank
    rest = nlargest(12, ((w, at) for at, w in explained.items() if w < top - _SAME))
    near = dict.fromkeys(lexicon.services[at].service for _, at in rest)
    return best, tuple(s for s in near if s not in best)[:3]


def _rank(phrase: Phrase, said: set[str], telling: float, lexicon: Lexicon) -> Rank:
    """Explained telling weight, minus what is left unsaid, explained general weight."""
    loose = sum(lexicon.weight[f] for f in phrase.features & said if f in lexicon.general)
    unsaid = sum(lexicon.weight[f] for f in phrase.telling - said)
    return round(telling, 6), round(loose, 6), -round(unsaid, 6)


def _chosen(ranks: dict[str, Rank]) -> list[str]:
    """The best services; those of which nothing telling is left unsaid win over longer names."""
    pool = [s for s, r in ranks.items() if r[2] == 0] or list(ranks)
    loose = max(ranks[s][1] for s in pool)
    return [s for s in pool if ranks[s][1] >= loose - _SAME]


def find_services(text: str, lexicon: Lexicon, among: Sequence[str] = ()) -> Named:
    """The services that `text` names; none when nothing telling was said or another office's matter was."""
    found = tokens(text)
    standing, corrected = _standing(spots(found, lexicon), found, lexicon)
    given = [f for _, _, f in standing]
    if not given or all(f in lexicon.general and not (among and f in _TELLING_AMONG) for f in given):
        return Named(corrected=corrected)
    ranks, near = _ranked(set(given), lexicon, among)
    if not ranks:
        return Named(corrected=corrected)
    ids = sorted(_chosen(ranks), key=lexicon.order.__getitem__)
    if not among and _only_life(found, given):
        return Named(corrected=corrected)
    explained = ranks[ids[0]][0]
    all_telling = sum(lexicon.weight[f] for f in set(given) if f not in lexicon.general)
    score = explained / all_telling if all_telling else (1.0 if among else 0.0)
    if (
        _of_another_office(found, ranks[ids[0]], given, lexicon)
        or _spoiled(found, given)
        or score < threshold("service")
    ):
        return Named(corrected=corrected)
    whole = ranks[ids[0]][2] == 0
    subject = whole or any(f not in lexicon.general and f not in things().done for f in given)
    return Named(tuple(ids), round(score, 3), near, corrected, subject)


def _spoiled(found: Sequence[str], given: Sequence[str]) -> bool:
    """A word that makes it another office's matter ("Aadhaar update": only children are enrolled here)."""
    for feature, spoilers in things().spoiled.items():
        if feature in given:
            aged = any((value(w) or 0) > 5 and nxt in _YEARS for w, nxt in pairwise((*found, "")))
            mine = "child" not in given and "enrol" not in given
            if any(spoilers.expression((w,)) == "always" for w in found) or aged:
                return True
            if mine and any(spoilers.expression((w,)) == "alone" for w in found):
                return True
    return False


_WISHES = frozenset(
    "make makes want get apply fix_word book change info wrong booking give ready or_not track lagega documents howfar "
    "applied cost howlong".split()
)
_FEW_OTHER = 1  # words beside those of the service, below which it may stand alone
_NOT_WISHED = frozenset("lost rude where when go".split())


def _only_life(found: Sequence[str], given: Sequence[str]) -> bool:
    """Ordinary words without a paper or a wish, in a sentence about something else."""
    if any(f not in things().ordinary for f in given if f != "child"):
        return False
    lexicon = words()
    concepts = {lexicon.expression((w,)) for w in found}
    if concepts & _WISHES or "paper" in concepts or len(set(given) - {"child"}) > 1:
        return False
    others = [w for w in found if w not in LINKS and w not in lexicon.known and not things().features.expression((w,))]
    return len(others) > _FEW_OTHER or bool(concepts & _NOT_WISHED)


_YEARS = frozenset("साल वर्ष बरस years year saal".split())


def _of_another_office(found: Sequence[str], rank: Rank, given: list[str], lexicon: Lexicon) -> bool:
    elsewhere = things().elsewhere
    hit = False
    for at in range(len(found)):
        for size in (3, 2, 1):
            window = tuple(found[at : at + size])
            if len(window) == size and elsewhere.expression(window) and not _offered(window, lexicon):
                hit = True
    if not hit:
        return False
    strong = [f for f in set(given) if f not in lexicon.general and f not in _WEAK]
    telling = {f for f in given if f not in lexicon.general}
    return rank[2] < 0 or (not strong and len(telling) < 2)


def _offered(window: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether the catalogue itself has these words (another catalogue may well offer pensions)."""
    return all(word in lexicon.words or lexicon.feature(word).startswith("~") for word in window)


_WEAK = frozenset(
    "correction add remove copy transfer surrender land use land_use document court shop labour income".split()
)
