"""A rating from 1 to 5."""

from __future__ import annotations

from dialogs.understand.mentions import Mention, kept
from dialogs.understand.numbers import numbers
from dialogs.understand.said import Said

_UNITS = (
    "day_word",
    "week",
    "month",
    "year",
    "minute",
    "duration",
    "baje",
    "money",
    "f_date",
    "day",
    "hold_on",
    "executive",
)
_NOT_RATINGS = frozenset(
    "बार बात आदमी लोग सौ percent hundred time times बजे thing things person people "
    "बच्चे बच्चा bachche log children kids members सदस्य days".split()
)
LOWEST, HIGHEST = 1, 5


def read_rating(said: Said) -> int | None:
    """The rating that stands after corrections; None outside 1 to 5 or when a number counts something else."""
    if said.has("hold_on", "dont_know"):
        return None
    found = [m for m in _numbers(said) if not _counts(said, m)]
    found = [m for m in found if not _scale(said, m)]
    standing = {m.value for m in kept(said, found, "rating")}
    if len(standing) == 1:
        rating = standing.pop()
        return rating if LOWEST <= rating <= HIGHEST else None
    if not found and said.has("highest"):
        return HIGHEST
    if not found and said.has("lowest"):
        return LOWEST
    return None


def _numbers(said: Said) -> list[Mention]:
    out = []
    for i, part in enumerate(said.parts):
        if part.concept and part.number is None:
            continue
        half = part.text in numbers().halves or part.text in numbers().alone
        if half:
            out.append(Mention("rating", i, i + 1, 0))
        elif part.number is not None:
            out.append(Mention("rating", i, i + 1, part.number))
    return out


def _counts(said: Said, mention: Mention) -> bool:
    """Whether the number counts something ("तीन हफ्ते", "एक बात")."""
    after = said.parts[mention.end : mention.end + 1]
    before = said.parts[max(0, mention.start - 1) : mention.start]
    if any(p.concept in _UNITS or p.text in _NOT_RATINGS for p in after):
        return True
    return (
        any(p.text in ("no", "this", "that", "the", "any", "some") for p in before)
        and said.parts[mention.start].text == "one"
    )


def _scale(said: Said, mention: Mention) -> bool:
    """The "five" of "four out of five": not the answer, unless out of ten, which is none."""
    before = said.parts[max(0, mention.start - 1) : mention.start]
    after = said.parts[mention.end : mention.end + 2]
    hindi = any((p.concept == "outof" and not p.words[0].isascii()) or p.text in ("me se", "mein se") for p in after)
    return hindi or any(p.concept == "outof" and p.text == "out of" for p in before)
