"""Clock times and parts of the day, as people say them."""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogs.understand.dates import MONTHS
from dialogs.understand.mentions import Mention
from dialogs.understand.numbers import numbers
from dialogs.understand.said import Part, Said

OPENS, NOON = 8, 12  # hours: a bare "seven" is in the evening, because visits begin at eight
DAYPARTS = ("morning", "afternoon", "evening")
_WRITTEN = re.compile(r"^(\d{1,2})[:.](\d{2})$")
_CLOCK_MARKS = ("baje", "am", "pm")
_NEAR_A_CLOCK = frozenset("at around about by till until करीब लगभग तकरीबन".split())
Found = tuple[int, int, int] | None  # hour, minute, index after


def _number(parts: tuple[Part, ...], at: int) -> int | None:
    return parts[at].number if 0 <= at < len(parts) else None


def _concept(parts: tuple[Part, ...], at: int) -> str:
    return parts[at].concept if 0 <= at < len(parts) else ""


def _hour(parts: tuple[Part, ...], at: int) -> int | None:
    hour = _number(parts, at)
    return hour if hour is not None and 1 <= hour <= 23 else None


def minutes_at(parts: tuple[Part, ...], at: int) -> tuple[int, int] | None:
    """Minutes 1-59 at `at` ("twenty five" is one number) and the index after them."""
    number = _number(parts, at)
    if number is None or not 0 < number < 60:
        return None
    unit = _number(parts, at + 1)
    if parts[at].text in numbers().english_tens and unit is not None and 0 < unit < 10:
        return number + unit, at + 2
    return number, at + 1


def _written(parts: tuple[Part, ...], at: int) -> Found:
    match = _WRITTEN.match(parts[at].text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    marked = ":" in parts[at].text or _concept(parts, at + 1) in _CLOCK_MARKS
    return (int(match[1]), int(match[2]), at + 1) if marked else None


def _halves(parts: tuple[Part, ...], at: int) -> Found:
    word = parts[at].text
    if word in numbers().alone:
        hours = numbers().alone[word]
        return int(hours), round(hours % 1 * 60), at + 1
    shift = numbers().halves.get(word)
    if shift is None:
        return None
    hour = _hour(parts, at + 1)
    if hour is None:
        return (1, 15, at + 1) if shift == 0.25 and _concept(parts, at + 1) == "baje" else None
    minutes = round((hour + shift) * 60)
    return minutes // 60, minutes % 60, at + 2


def _past_and_to(parts: tuple[Part, ...], at: int) -> Found:
    shift = {"half_past": 30, "quarter_past": 15, "quarter_to": -15}.get(_concept(parts, at))
    after = at + 1
    if shift is None:
        minutes = minutes_at(parts, at)
        if minutes is None:
            return None
        after = minutes[1] + (_concept(parts, minutes[1]) == "minute")
        if _concept(parts, after) == "past_word" or parts_text(parts, after) == "past":
            shift, after = minutes[0], after + 1
        elif parts_text(parts, after) == "to" and _hour(parts, after + 1) is not None:
            shift, after = -minutes[0], after + 1
        else:
            return None
    hour = _hour(parts, after)
    if hour is None:
        return None
    total = hour * 60 + shift
    return total // 60, total % 60, after + 1


def parts_text(parts: tuple[Part, ...], at: int) -> str:
    """The words of the part at `at`, or ""."""
    return parts[at].text if 0 <= at < len(parts) else ""


def _struck(parts: tuple[Part, ...], at: int) -> Found:
    """ "पाँच बजकर बीस मिनट", "ग्यारह बजने में दस मिनट"."""
    hour, mark = _hour(parts, at), _concept(parts, at + 1)
    if hour is None or mark not in ("bajkar", "bajne"):
        return None
    minutes = minutes_at(parts, at + 2)
    if minutes is None:
        return None
    total = hour * 60 + (minutes[0] if mark == "bajkar" else -minutes[0])
    return total // 60, total % 60, minutes[1] + (_concept(parts, minutes[1]) == "minute")


def _plain(parts: tuple[Part, ...], at: int) -> Found:
    """ "दस बजे", "ten thirty", "5 pm", "eight in the morning", "शाम पाँच", "at five"."""
    hour = _hour(parts, at)
    if hour is None:
        return None
    if parts_text(parts, at + 1) == "oh" and 0 < (_number(parts, at + 2) or 0) < 10:
        return hour, _number(parts, at + 2) or 0, at + 3  # "eight oh five"
    minutes = minutes_at(parts, at + 1)
    if minutes and minutes[0] >= 10 and hour <= NOON and not _dated(parts, minutes[1]):
        return hour, minutes[0], minutes[1]
    if _number(parts, at + 1) is not None and not _marked_before(parts, at):
        return None
    if parts[at].text == "one" and _concept(parts, at + 1) not in _CLOCK_MARKS and parts_text(parts, at - 1) != "at":
        return None  # "the evening one"
    if _concept(parts, at + 1) in _CLOCK_MARKS:
        late = minutes_at(parts, at + 2) if _concept(parts, at + 1) == "baje" else None
        if late and _concept(parts, late[1]) == "minute":
            return hour, late[0], late[1] + 1
        return hour, 0, at + 1
    if _dated(parts, at + 1) or _concept(parts, at + 1) in (
        "day_word",
        "week",
        "month",
        "minute",
        "f_number",
        "option",
        "star",
    ):
        return None
    return (hour, 0, at + 1) if _marked_before(parts, at) or _daypart_after(parts, at + 1) else None


def _dated(parts: tuple[Part, ...], at: int) -> bool:
    return _concept(parts, at) in ("f_date", "ordinal_mark", *MONTHS) or parts_text(parts, at) in ("hundred", "सौ")


def _marked_before(parts: tuple[Part, ...], at: int) -> bool:
    before = at - 1
    while before >= 0 and parts[before].text in ("को", "के", "में", "ko", "ke", "me", "की", "म", "के_करीब"):
        before -= 1
    return _concept(parts, before) in (*DAYPARTS, "night", "f_time") or parts_text(parts, at - 1) in _NEAR_A_CLOCK


def _daypart_after(parts: tuple[Part, ...], at: int) -> bool:
    skipped = 0
    while skipped < 2 and parts_text(parts, at) in ("in", "the", "at", "में", "को", "me", "mein", "on"):
        at, skipped = at + 1, skipped + 1
    return skipped > 0 and _concept(parts, at) in (*DAYPARTS, "night")


_FORMS: tuple[Callable[[tuple[Part, ...], int], Found], ...] = (_written, _halves, _past_and_to, _struck, _plain)


def _period(said: Said, start: int, end: int) -> str:
    """The part of day that goes with a clock time: am or pm at once after it, else one said nearby."""
    for at in (end, end + 1):
        if _concept(said.parts, at) in ("am", "pm"):
            return said.parts[at].concept
    near = [
        (min(abs(i - start), abs(i - end)), p.concept)
        for i, p in enumerate(said.parts)
        if p.concept in (*DAYPARTS, "night")
    ]
    return min(near)[1] if near else ""


def in_the_day(hour: int, period: str) -> int:
    """The hour 0-23 meant by `hour` with `period` ("" when none was said): within opening hours when left open."""
    if hour > NOON:
        return hour
    if period in ("am", "morning"):
        return hour % 12 if period == "am" or hour < NOON else hour
    if period in ("pm", "evening", "night", "afternoon"):
        if period == "afternoon" and hour in (10, 11):
            return hour
        return hour if hour == NOON and period != "night" else hour % 12 + 12
    return hour if OPENS <= hour <= NOON else hour + 12


def find_times(said: Said) -> list[Mention]:
    """Clock times as "HH:MM" and parts of the day, in order."""
    out: list[Mention] = []
    at = 0
    while at < len(said.parts):
        found = next((f for form in _FORMS if (f := form(said.parts, at)) is not None), None)
        if found is None:
            concept = said.parts[at].concept
            if concept in DAYPARTS:
                out.append(Mention("daypart", at, at + 1, concept))
            elif concept == "noon":
                out.append(Mention("time", at, at + 1, "12:00"))
            at += 1
            continue
        hour, minute, end = found
        hour = in_the_day(hour, _period(said, at, end)) % 24
        while _concept(said.parts, end) in ("am", "pm", "baje"):
            end += 1
        out.append(Mention("time", at, end, f"{hour:02}:{minute:02}"))
        at = end
    return out
