"""Which area of a city is meant: by its name or that of one of its wards or villages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Indel

from dialogs.understand.lexicon import Lexicon
from dialogs.understand.sound import sound
from dialogs.understand.text import tokens
from dialogs.understand.thresholds import threshold

_SHORTEST = 4  # letters of a sound key; shorter names must sound exactly so


def read_area(text: str, among: Sequence[str], lexicon: Lexicon) -> str | None:
    """The one of `among` named in `text`; None when none is, or several are equally."""
    found = tokens(text.replace("-", " "))
    best = {area: score for area in among if (score := _score(found, area, lexicon))}
    top = [area for area, score in best.items() if score == max(best.values())]
    return top[0] if len(top) == 1 else None


def _score(found: tuple[str, ...], area: str, lexicon: Lexicon) -> float:
    """How well the best of the area's names is heard, 0 to 1."""
    return max((_heard(found, name) for name in _names(area, lexicon)), default=0.0)


def _names(area: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    known = lexicon.catalogue.area.get(area)
    if known is not None:
        yield from (tokens(name.replace("-", " ")) for name in (known.hi, known.en, *known.places))


def _heard(found: tuple[str, ...], name: tuple[str, ...]) -> float:
    key = "".join(sound(t) for t in name)
    windows = ("".join(sound(t) for t in found[at : at + len(name)]) for at in range(len(found) - len(name) + 1))
    likeness = max((Indel.normalized_similarity(key, window) for window in windows), default=0.0) if key else 0.0
    least = threshold("city") if len(key) >= _SHORTEST else 1.0
    return likeness if likeness >= least else 0.0
