"""Prepares what was heard: one spelling for what sounds and means the same, then tokens."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 600  # characters; nobody answers a question with more, and the time to understand stays bounded
MOST_TOKENS = 80

_NUKTA, _VIRAMA, _BINDU = "\u093c", "\u094d", "\u0902"
_DROPPED = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, ord(_NUKTA)])
_HALF_NASAL = re.compile("[ङञणनम]" + _VIRAMA + "(?=[क-म])")  # न्त and ंत are one; न्न, म्म and न्ह stay
_GEMINATE = {"न" + _VIRAMA: "न", "म" + _VIRAMA: "म"}
_GLIDES = (
    ("िये", "िए"),
    ("ीये", "ीए"),
    ("ाये", "ाए"),
    ("ायी", "ाई"),
    ("ुये", "ुए"),
    ("ूये", "ूए"),
    ("ॉ", "ो"),
    ("ऑ", "ओ"),
    ("ॅ", "े"),
    ("ॆ", "े"),
    ("ऍ", "ए"),
)
_TOKEN = re.compile(
    r"(?<!\d)\d{1,4}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?(?![\d/])"  # a date or a time written with signs
    r"|\d{1,2}:\d{2}(?!\d)"
    r"|\d+"
    r"|[^\W\d_](?:[^\W\d_]|['’]|[\u0900-\u0963\u0970-\u097f])*"
)
_DEVANAGARI_DIGITS = {0x966 + d: str(d) for d in range(10)}
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)\b")


def _half_nasal(match: re.Match[str]) -> str:
    nasal, following = match[0], match.string[match.end()]
    return match[0] if _GEMINATE.get(nasal) == following else _BINDU


def clean(text: str) -> str:
    """`text` in NFC and lower case, without nukta and joiners; chandrabindu and half nasals are anusvara."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text.lower()).translate(_DROPPED))
    text = text.translate(_DROPPED).translate(_DEVANAGARI_DIGITS).replace("ँ", _BINDU).replace("’", "'")
    text = _HALF_NASAL.sub(_half_nasal, text)
    for variant, one in _GLIDES:
        text = text.replace(variant, one)
    return text


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """The words and numbers of `text`, cleaned; empty when it is too long to be an answer."""
    if len(text) > LONGEST:
        return ()
    text = _ORDINAL.sub(r"\1 \2_", clean(text).replace("छ:", "छः"))
    found = tuple(_TOKEN.findall(text))
    return found if len(found) <= MOST_TOKENS else ()
