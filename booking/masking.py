"""Numbers taken out of what a citizen said or wrote: telephone, booking, house or identity numbers lead to a person.

A recogniser writes numbers as words, so digits in words count too. An amount of money stays, as a complaint about a
bribe is about it.
"""

from __future__ import annotations

import re

LONGEST_SHOWN = 3  # digits; a longer run is masked
LONGEST_AMOUNT = 6  # digits

_WORDS = (
    "शून्य ज़ीरो जीरो सिफ़र एक दो तीन चार पाँच पांच छह छः छै छे सात आठ नौ दस डबल ट्रिपल "
    "वन टू थ्री फोर फाइव सिक्स सेवन सेवेन एट नाइन "
    "zero oh one two three four five six seven eight nine double triple"
).split()
_GAP = r"[\s,.\-/–()]*"
_WORD = "(?:" + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)) + ")"
# Not within a word; Devanagari signs (matras) are no letters for \b, so the neighbours are named.
_EDGE = r"[\wऀ-ॿ]"
_ONE = rf"(?:\d|(?<!{_EDGE}){_WORD}(?!{_EDGE}))"
_RUN = re.compile(rf"{_ONE}(?:{_GAP}{_ONE}){{{LONGEST_SHOWN},}}", re.IGNORECASE)
_FIGURE = re.compile(r"\d[\d,]*")
_BEFORE = re.compile(r"(?:₹|\brs\.?|रु\.?)\s*$", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:/-|₹|rs\b|rupees?\b|रुपय|रुपए|रुपये|रू|रु)", re.IGNORECASE)


def without_numbers(text: str) -> str:
    """`text` with every run of more than three digits, in figures of any script or in Hindi or English words, as x."""
    return _RUN.sub(lambda run: run.group() if _amount(run) else "xxxx", text)


def _amount(run: re.Match[str]) -> bool:
    if not _FIGURE.fullmatch(run.group()) or sum(c.isdigit() for c in run.group()) > LONGEST_AMOUNT:
        return False
    return bool(_AFTER.match(run.string, run.end()) or _BEFORE.search(run.string, 0, run.start()))
