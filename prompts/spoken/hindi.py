"""Hindi as it is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

import yaml
from babel import Locale

from prompts.spoken.tongue import Daypart, joined, scales

_NAMES = Locale.parse("hi")
_TABLE: dict[int, list[str]] = yaml.safe_load(Path(__file__).with_name("hindi_numbers.yaml").read_text("utf-8"))
_WORDS = tuple(_TABLE[n][0] for n in range(100))
_ORDINALS = {1: "पहला", 2: "दूसरा", 3: "तीसरा", 4: "चौथा", 6: "छठा", 100: "सौवाँ"}
_DAYPARTS: dict[Daypart, str] = {"morning": "सुबह", "afternoon": "दोपहर", "evening": "शाम", "night": "रात"}
# कल and परसों look both ways; the date that always follows makes it clear.
_NEAR = {0: "आज", 1: "कल", 2: "परसों", -1: "कल", -2: "परसों"}


class Hindi:
    """The Hindi tongue."""

    def number(self, n: int) -> str:
        """एक सौ पाँच, दो लाख, ऋण तीन."""
        if n < 0:
            return f"ऋण {self.number(-n)}"
        if n < 100:
            return _WORDS[n]
        return " ".join(f"{self.number(c)} {s}".strip() for c, s in scales(n, "करोड़", "लाख", "हज़ार", "सौ"))

    def half(self, n: int) -> str:
        """आधा, डेढ़, ढाई, साढ़े तीन."""
        return {0: "आधा", 1: "डेढ़", 2: "ढाई"}.get(n) or f"साढ़े {self.number(n)}"

    def point(self, n: int, decimals: str) -> str:
        """तीन दशमलव एक चार."""
        return " ".join([self.number(n), "दशमलव", *(_WORDS[int(d)] for d in decimals)])

    def ordinal(self, n: int) -> str:
        """पहला, दूसरा, सातवाँ, इक्कीसवाँ."""
        return _ORDINALS.get(n) or f"{self.number(n)}वाँ"

    def rupees(self, rupees: int, paise: int) -> str:
        """एक रुपया, पचास रुपये, दस रुपये पचास पैसे."""
        whole = f"{self.number(rupees)} {'रुपया' if rupees == 1 else 'रुपये'}"
        part = f"{self.number(paise)} {'पैसा' if paise == 1 else 'पैसे'}"
        if not paise:
            return whole
        return f"{whole} {part}" if rupees else part

    def day(self, day: date, today: date) -> str:
        """कल, रविवार, बाईस नवंबर; with the year when it is another."""
        parts = [_NEAR.get((day - today).days, ""), _NAMES.days["format"]["wide"][day.weekday()]]
        year = f" {_year(self, day.year)}" if day.year != today.year else ""
        return ", ".join(p for p in (*parts, f"{_WORDS[day.day]} {self.month(day.month)}{year}") if p)

    def near(self, days: int) -> str:
        """कल."""
        return _NEAR.get(days, "")

    def clock(self, at: time) -> str:
        """सुबह साढ़े दस बजे, दोपहर डेढ़ बजे, शाम पौने छह बजे."""
        return f"{_DAYPARTS[_part(at)]} {_oclock(self, at)}"

    def when(self, day: str, clock: str) -> str:
        """कल, रविवार, बाईस नवंबर, सुबह दस बजे."""
        return f"{day}, {clock}"

    def month(self, month: int) -> str:
        """नवंबर."""
        return str(_NAMES.months["format"]["wide"][month])

    def daypart(self, part: Daypart) -> str:
        """सुबह."""
        return _DAYPARTS[part]

    def either(self, items: Sequence[str]) -> str:
        """क, ख या ग."""
        return joined(items, "या")

    def all_of(self, items: Sequence[str]) -> str:
        """क, ख और ग."""
        return joined(items, "और")


def _oclock(tongue: Hindi, at: time) -> str:
    hour, following = at.hour % 12 or 12, (at.hour + 1) % 12 or 12
    match at.minute:
        case 0:
            return f"{_WORDS[hour]} बजे"
        case 15:
            return f"सवा {_WORDS[hour]} बजे"
        case 30:
            return f"{tongue.half(hour)} बजे"
        case 45:
            return f"पौने {_WORDS[following]} बजे"
        case minute:
            return f"{_WORDS[hour]} बजकर {_WORDS[minute]} मिनट"


def _part(at: time) -> Daypart:
    """सुबह from 4, दोपहर from 12, शाम from 16, रात from 20: two o'clock after midnight is रात दो बजे."""
    if at.hour < 4 or at.hour >= 20:
        return "night"
    return "morning" if at.hour < 12 else "afternoon" if at.hour < 16 else "evening"


def _year(tongue: Hindi, year: int) -> str:
    """1999 is उन्नीस सौ निन्यानवे, 2027 is दो हज़ार सत्ताईस."""
    if not 1100 <= year < 2000:
        return tongue.number(year)
    return f"{_WORDS[year // 100]} सौ {_WORDS[year % 100] if year % 100 else ''}".strip()
