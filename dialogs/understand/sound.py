"""How a word sounds, roughly: one key for Devanagari and Roman spellings and for a recogniser's slips."""

from __future__ import annotations

import re
from functools import lru_cache

_CONSONANTS = dict(zip("कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह", "kkggnccjjnttddnttddnppbbmyrllvsssh", strict=True))
_VOWELS = {
    "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e", "ऐ": "e", "ओ": "o", "औ": "o",
    "ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "े": "e", "ै": "e", "ो": "o", "ौ": "o", "ं": "n", "ः": "h",
}  # fmt: skip
_ROMAN = (
    ("tion", "sn"), ("chh", "c"), ("ch", "c"), ("sh", "s"), ("kh", "k"), ("gh", "g"), ("jh", "j"), ("th", "t"),
    ("dh", "d"), ("ph", "p"), ("bh", "b"), ("ck", "k"), ("c", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("z", "j"),
    ("f", "p"), ("aa", "a"), ("ee", "i"), ("oo", "u"), ("ai", "e"), ("ay", "e"), ("ei", "e"), ("au", "o"),
    ("ou", "o"), ("ii", "i"), ("uu", "u"),
)  # fmt: skip
_LABIAL = re.compile("ं(?=[पफबभम])")
_DOUBLE = re.compile(r"(.)\1+")
_MARK = "\x00"  # stands for the ch-sound until a plain c has become k


def _roman(word: str) -> str:
    word = word.replace("'", "").replace("chh", _MARK).replace("ch", _MARK)
    for spelling, sound in _ROMAN:
        word = word.replace(spelling, sound)
    return word.replace(_MARK, "c")


@lru_cache(maxsize=16384)
def sound(word: str) -> str:
    """The sound key of a cleaned `word`: no length, aspiration or short a, v as b; "करना" and "krna" are both "krn"."""
    if "\u0900" <= word[:1] <= "\u097f":
        word = _LABIAL.sub("म", word)
        out = "".join(_CONSONANTS.get(c) or _VOWELS.get(c, "") for c in word)
    else:
        out = _roman(word)
    out = out.replace("v", "b").replace("iy", "i").replace("ya", "y")
    initial = out[:1]
    out = initial + out[1:].replace("a", "")
    return _DOUBLE.sub(r"\1", out)
