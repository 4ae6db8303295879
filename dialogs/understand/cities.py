"""Which city is meant: names, by-names and slips, with near-sounding towns that are not covered kept apart."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Indel

from dialogs.understand.lexicon import Lexicon, places
from dialogs.understand.mentions import Mention, taken_back
from dialogs.understand.said import Part, Said
from dialogs.understand.sound import sound
from dialogs.understand.text import tokens
from dialogs.understand.thresholds import threshold
from dialogs.understand.words import words

_SHORTEST = 4  # letters of a sound key; "Durg" and shorter must be exact
_ENDINGS = frozenset("में से का की के को me se ka ki ko in at is म ले near".split())


@dataclass(frozen=True)
class Placed:
    """The cities meant and how sure (0..1); `rejected` when one was only denied."""

    ids: tuple[str, ...] = ()
    score: float = 0.0
    corrected: bool = False


def _slipped(word: str, lexicon: Lexicon) -> tuple[str, float]:
    key = sound(word)
    if word in words().known:
        return "", 0.0
    if key in lexicon.city_sounds and len(key) >= 3:
        return lexicon.city_sounds[key][0], 0.97
    if len(key) < _SHORTEST or words().expression((word,)) or word in _ENDINGS:
        return "", 0.0
    near = process.extractOne(
        key, list(lexicon.city_sounds), scorer=Indel.normalized_similarity, score_cutoff=threshold("city")
    )
    if near is None or near[0][0] != key[0]:
        return "", 0.0
    return lexicon.city_sounds[near[0]][0], float(near[1])


def find_cities(text: str, lexicon: Lexicon) -> list[tuple[Mention, float]]:
    """The covered cities named in `text` in order, each with how sure it is; value "" is a place not covered."""
    found, out, at = tokens(text.replace("-", " ")), [], 0
    elsewhere = places()[1]
    longest = max(lexicon.cities.longest, elsewhere.longest)
    while at < len(found):
        city, score = _joined(found, at, lexicon)
        if city and lexicon.cities.exact.get(found[at : at + 1]) != city:
            out.append((Mention("city", at, at + 2, city), score))
            at += 2
            continue
        for size in range(min(longest, len(found) - at), 0, -1):
            window = tuple(found[at : at + size])
            city = lexicon.cities.exact.get(window, "")
            if city or elsewhere.exact.get(window):
                out.append((Mention("city", at, at + size, city), 1.0))
                at += size
                break
        else:
            city, score = _slipped(found[at], lexicon)
            if city:
                out.append((Mention("city", at, at + 1, city), score))
            at += 1
    return out


def _joined(found: tuple[str, ...], at: int, lexicon: Lexicon) -> tuple[str, float]:
    """A name that the recogniser broke in two ("राय गढ", "राज नांदगांव")."""
    if at + 1 >= len(found) or any(w in words().known for w in found[at : at + 2]):
        return "", 0.0
    for key in (sound(found[at]) + sound(found[at + 1]), sound(found[at] + found[at + 1])):
        ids = lexicon.city_sounds.get(key) if len(key) >= _SHORTEST else None
        if ids:
            return ids[0], 0.95
    return "", 0.0


def read_cities(text: str, lexicon: Lexicon) -> Placed:
    """The cities that stand after corrections; landmarks ("near Raipur") give way to the town itself."""
    named = find_cities(text, lexicon)
    if not named:
        return Placed()
    flat = _flat(text)
    mentions = [m for m, _ in named]
    gone = taken_back(flat, mentions)
    standing = [m for m in mentions if m not in gone]
    corrected = bool(gone) and bool(standing)
    if len({m.value for m in standing}) > 1:
        standing = [m for m in standing if not _only_landmark(flat, m)] or standing
    if len({m.value for m in standing}) > 1:
        standing = _moved_to(flat, _lived_in_now(flat, standing))
    ids = tuple(dict.fromkeys(m.value for m in standing if m.value))
    if not ids:
        return Placed(corrected=corrected)
    score = min(s for m, s in named if m in standing and m.value)
    return Placed(ids, round(score, 3), corrected)


def not_covered(text: str, lexicon: Lexicon) -> str | None:
    """The place named in `text` that the scheme does not cover; None when there is none."""
    found = tokens(text.replace("-", " "))
    places = [" ".join(found[m.start : m.end]) for m, _ in find_cities(text, lexicon) if not m.value]
    return places[0] if places else None


def _flat(text: str) -> Said:
    """One part a token, so that positions agree with those of cities."""
    lexicon = words()
    return Said(tuple(Part((t,), lexicon.expression((t,))) for t in tokens(text.replace("-", " "))), "")


def _only_landmark(said: Said, mention: Mention) -> bool:
    after = said.parts[mention.end : mention.end + 2]
    before = said.parts[max(0, mention.start - 2) : mention.start]
    return (
        any(p.concept == "district" for p in after[:1])
        or [p.text for p in after]
        in (["के", "पास"], ["ke", "paas"], ["ke", "pas"], ["के", "नजदीक"], ["के", "बगल"], ["के", "तीर"])
        or any(p.concept == "near" for p in before)
    )


def _lived_in_now(said: Said, standing: list[Mention]) -> list[Mention]:
    """ "पहले भिलाई में थे अब बिलासपुर में": the one after "now"."""
    now = next((i for i, p in enumerate(said.parts) if p.concept == "now"), None)
    if now is not None and (after := [m for m in standing if m.start > now]):
        return after
    return [m for m in standing if not _left(said, m)] or standing


def _left(said: Said, mention: Mention) -> bool:
    """ "पहले कोरबा था", "मेरा मायका बिलासपुर में है": where the caller does not live now."""
    before = said.parts[max(0, mention.start - 3) : mention.start]
    after = said.parts[mention.end : mention.end + 2]
    return any(p.text in _FAMILY_HOME for p in before) or (
        any(p.concept == "before" for p in before) and any(p.concept == "past" for p in after)
    )


def _moved_to(said: Said, standing: list[Mention]) -> list[Mention]:
    """ "From Korba to Raigarh": the second."""
    before = {m: said.parts[m.start - 1].text if m.start else "" for m in standing}
    if any(b == "from" for b in before.values()) and any(b == "to" for b in before.values()):
        return [m for m in standing if before[m] == "to"]
    left = {m: said.parts[m.end].text if m.end < len(said.parts) else "" for m in standing}
    if [left[m] in _LEAVING for m in standing] == [True, False] and said.has("come", "done_past"):
        return standing[1:]  # "रायपुर से दुर्ग आ गए हैं"
    return standing


_LEAVING = ("से", "se", "ले")
_FAMILY_HOME = frozenset("मायका मायके ससुराल ननिहाल गाँव गांव mayka maika sasural nanihal native".split())
