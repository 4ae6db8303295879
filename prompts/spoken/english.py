"""English as it is spoken in India."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from babel import Locale

from prompts.spoken.tongue import Daypart, joined, scales

_NAMES = Locale.parse("en_IN")
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_WORDS = tuple(f"zero one two three four five six seven eight nine {_TEENS}".split())
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_DAYPARTS: dict[Daypart, str] = {
    "morning": "in the morning",
    "afternoon": "in the afternoon",
    "evening": "in the evening",
    "night": "at night",
}
_NEAR = {
    0: "today",
    1: "tomorrow",
    2: "the day after tomorrow",
    -1: "yesterday",
    -2: "the day before yesterday",
}


class English:
    """The English tongue."""

    def number(self, n: int) -> str:
        """One hundred and five, two lakh, minus three."""
        if n < 0:
            return f"minus {self.number(-n)}"
        if n < 100:
            return _below_hundred(n)
        parts = [f"{self.number(c)} {s}".strip() for c, s in scales(n, "crore", "lakh", "thousand", "hundred")]
        if n % 100:
            parts.insert(-1, "and")
        return " ".join(parts)

    def half(self, n: int) -> str:
        """Half, one and a half."""
        return f"{self.number(n)} and a half" if n else "half"

    def point(self, n: int, decimals: str) -> str:
        """Three point one four."""
        return " ".join([self.number(n), "point", *(_WORDS[int(d)] for d in decimals)])

    def ordinal(self, n: int) -> str:
        """First, twenty-second, one hundredth."""
        head, space, last = self.number(n).rpartition(" ")
        tens, dash, unit = last.rpartition("-")
        unit = _ORDINALS.get(unit) or (unit[:-1] + "ieth" if unit.endswith("y") else unit.removesuffix("t") + "th")
        return f"{head}{space}{tens}{dash}{unit}"

    def rupees(self, rupees: int, paise: int) -> str:
        """One rupee, fifty rupees, ten rupees and fifty paise."""
        whole = f"{self.number(rupees)} {'rupee' if rupees == 1 else 'rupees'}"
        part = f"{self.number(paise)} {'paisa' if paise == 1 else 'paise'}"
        if not paise:
            return whole
        return f"{whole} and {part}" if rupees else part

    def day(self, day: date, today: date) -> str:
        """Tomorrow, Sunday the twenty-second of November; with the year when it is another."""
        near = _NEAR.get((day - today).days)
        weekday = _NAMES.days["format"]["wide"][day.weekday()]
        year = f" {_year(self, day.year)}" if day.year != today.year else ""
        full = f"{weekday} the {self.ordinal(day.day)} of {self.month(day.month)}{year}"
        return f"{near}, {full}" if near else full

    def near(self, days: int) -> str:
        """Tomorrow."""
        return _NEAR.get(days, "")

    def clock(self, at: time) -> str:
        """Half past ten in the morning, twelve noon, quarter to six in the evening."""
        if (at.hour, at.minute) in ((0, 0), (12, 0)):
            return "twelve midnight" if at.hour == 0 else "twelve noon"
        return f"{_oclock(at)} {_DAYPARTS[_part(at)]}"

    def when(self, day: str, clock: str) -> str:
        """Tomorrow, Sunday the twenty-second of November, at ten in the morning."""
        return f"{day}, at {clock}"

    def month(self, month: int) -> str:
        """November."""
        return str(_NAMES.months["format"]["wide"][month])

    def daypart(self, part: Daypart) -> str:
        """Morning."""
        return part

    def either(self, items: Sequence[str]) -> str:
        """A, b or c."""
        return joined(items, "or")

    def all_of(self, items: Sequence[str]) -> str:
        """A, b and c."""
        return joined(items, "and")


def _below_hundred(n: int) -> str:
    if n < 20:
        return _WORDS[n]
    tens, unit = divmod(n, 10)
    return f"{_TENS[tens]}-{_WORDS[unit]}" if unit else _TENS[tens]


def _oclock(at: time) -> str:
    hour, following = _WORDS[at.hour % 12 or 12], _WORDS[(at.hour + 1) % 12 or 12]
    match at.minute:
        case 0:
            return hour
        case 15:
            return f"quarter past {hour}"
        case 30:
            return f"half past {hour}"
        case 45:
            return f"quarter to {following}"
        case minute:
            return f"{hour} {'oh ' if minute < 10 else ''}{_below_hundred(minute)}"


def _part(at: time) -> Daypart:
    """Unlike in Hindi, two o'clock after midnight is in the morning; the first hour after midnight is at night."""
    if at.hour < 1 or at.hour >= 20:
        return "night"
    return "morning" if at.hour < 12 else "afternoon" if at.hour < 16 else "evening"


def _year(tongue: English, year: int) -> str:
    """1905 is nineteen oh five, 2027 twenty twenty-seven, 2005 two thousand and five."""
    century, rest = divmod(year, 100)
    if not (1100 <= year < 2000 or 2010 <= year < 2100):
        return tongue.number(year)
    if not rest:
        return f"{_below_hundred(century)} hundred"
    return f"{_below_hundred(century)} {'oh ' if rest < 10 else ''}{_below_hundred(rest)}"
