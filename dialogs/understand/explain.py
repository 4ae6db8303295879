"""Why a sentence is understood as it is: the phrases it was measured by, with what they scored, and its known words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from dialogs.understand.cities import find_cities
from dialogs.understand.compare import Said, outcome
from dialogs.understand.lexicon import LINKS, Lexicon, features, ways
from dialogs.understand.meaning import Meaning
from dialogs.understand.phrases import as_answer
from dialogs.understand.said import said as parts_of
from dialogs.understand.sentences import of_phrases
from dialogs.understand.services import spots
from dialogs.understand.sound import sound
from dialogs.understand.text import tokens
from dialogs.understand.thresholds import threshold
from dialogs.understand.words import words

MOST = 6  # reasons of a kind
_FAR = 0.7  # likeness below which a phrase is no runner-up


@dataclass(frozen=True)
class Reason:
    """`words` of the sentence speak for the list `key` of phrases (section.id; an id of services and cities), by its
    `phrase`; `score` (0..1) is how well, `needed` from where on that counts, `taken` whether it is what is meant."""

    key: str
    phrase: str
    words: tuple[str, ...]
    score: float
    needed: float
    taken: bool


@dataclass(frozen=True)
class Word:
    """A word or expression, and whether it says anything here."""

    text: str
    known: bool


def reasons(said: Said, lexicon: Lexicon, meaning: Meaning) -> list[Reason]:
    """What the sentence was measured by: what is meant first, then the runners-up, the best first."""
    exact = lexicon.whole.find(said.text)
    if exact and as_answer(exact, said.expect):
        return [Reason(".".join(exact), said.text, tokens(said.text), 1.0, 1.0, True)]
    found = list(_whole(said, lexicon, meaning))
    if said.expect in ("intent", "service", "language", "about"):
        found += _services(said, lexicon, meaning)
    if said.expect in ("intent", "service", "language", "city", "date"):
        found += _cities(said, lexicon, meaning)
    return sorted(found, key=lambda one: (not one.taken, -one.score))[:MOST]


def known(said: Said, lexicon: Lexicon) -> list[Word]:
    """The words in their order; words that only link others count as known."""
    found, carrying = tokens(said.text), _carrying(said.text, lexicon)
    out, at = [], 0
    for part in parts_of(said.text).parts:
        span = range(at, at + len(part.words))
        at = span.stop
        plain = bool(part.concept) or part.number is not None or part.ordinal is not None
        linking = all(word in LINKS or word in words().known for word in part.words)
        out.append(Word(" ".join(found[i] for i in span), plain or linking or any(i in carrying for i in span)))
    return out


def _carrying(text: str, lexicon: Lexicon) -> set[int]:
    """The places of the words that name a service or a city."""
    named = [(start, end) for start, end, _ in spots(tokens(text), lexicon)]
    named += [(mention.start, mention.end) for mention, _ in find_cities(text, lexicon)]
    return {i for start, end in named for i in range(start, end)}


def _whole(said: Said, lexicon: Lexicon, meaning: Meaning) -> Iterator[Reason]:
    """The phrases that the whole sentence sounds like."""
    needed = threshold("phrase")
    for phrase, key, score in _near(said, lexicon)[:MOST]:
        answer = as_answer(key, said.expect)
        taken = score >= needed and bool(answer) and answer.items() <= outcome(meaning).items()
        yield Reason(".".join(key), phrase, tokens(said.text), round(score, 3), needed, taken)


def _near(said: Said, lexicon: Lexicon) -> list[tuple[str, tuple[str, str], float]]:
    """The longer phrases that sound most like the sentence, one a list: phrase, list, likeness."""
    spoken, best = _sounds(tokens(said.text)), dict[tuple[str, str], tuple[str, float]]()
    for one in of_phrases(lexicon):
        key, found = lexicon.whole.find(one.text), tokens(one.text)
        if key is None or " ".join(map(sound, found)) not in lexicon.whole.sounds or not as_answer(key, said.expect):
            continue
        score = Indel.normalized_similarity(spoken, _sounds(found))
        if score >= max(_FAR, best.get(key, ("", 0.0))[1]):
            best[key] = one.text, score
    return sorted(((phrase, key, score) for key, (phrase, score) in best.items()), key=lambda one: -one[2])


def _sounds(found: Sequence[str]) -> str:
    return " ".join(sound(word) for word in found)


def _services(said: Said, lexicon: Lexicon, meaning: Meaning) -> Iterator[Reason]:
    """By service meant or nearly so: the way to name it that explains most of the sentence."""
    named = spots(tokens(said.text), lexicon)
    telling = {f for _, _, f in named if f not in lexicon.general}
    whole = sum(lexicon.weight[f] for f in telling)
    best: dict[str, tuple[float, float, str]] = {}
    for service, way in ways(lexicon.catalogue, lexicon.phrases) if whole else ():
        own = {f for _, _, f in features(tokens(way))}
        score = sum(lexicon.weight[f] for f in telling & own) / whole
        unsaid = -sum(lexicon.weight.get(f, 0.0) for f in own - {f for _, _, f in named})
        best[service] = max(best.get(service, (0.0, 0.0, "")), (round(score, 3), unsaid, way))
    for service, (score, _, way) in sorted(best.items(), key=lambda one: -one[1][0])[:MOST]:
        if score:
            own = {f for _, _, f in features(tokens(way))}
            spoke = tuple(" ".join(tokens(said.text)[s:e]) for s, e, f in named if f in own)
            yield Reason(f"services.{service}", way, spoke, score, threshold("service"), service in meaning.service)


def _cities(said: Said, lexicon: Lexicon, meaning: Meaning) -> Iterator[Reason]:
    found = tokens(said.text.replace("-", " "))
    for mention, score in find_cities(said.text, lexicon):
        if mention.value:
            spoke = found[mention.start : mention.end]
            taken = mention.value in meaning.city
            yield Reason(f"cities.{mention.value}", "", spoke, round(score, 3), threshold("city"), taken)
