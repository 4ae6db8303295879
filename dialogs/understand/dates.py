"""Days, as people name them, seen from `now`. In a booking all days are ahead; a past or impossible day is none."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from dialogs.understand.mentions import Mention
from dialogs.understand.numbers import numbers
from dialogs.understand.said import Part, Said

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OFFSETS = {"today": 0, "tomorrow": 1, "overmorrow": 2, "narso": 3}
_WRITTEN = re.compile(r"^(\d{1,4})[/.\-](\d{1,2})(?:[/.\-](\d{2,4}))?$")
_LINKS = frozenset("of the की के का का को ki ke ka ko in में म on".split())
_HALF_A_YEAR = 183  # days: "10 November" said on the 21st is past, "1 January" is next year's
Found = tuple[date | None, int] | None  # the day (None: past or impossible), index after


def _concept(parts: tuple[Part, ...], at: int) -> str:
    return parts[at].concept if 0 <= at < len(parts) else ""


def _skip(parts: tuple[Part, ...], at: int, *concepts: str) -> int:
    while at < len(parts) and (parts[at].text in _LINKS or parts[at].concept in concepts):
        at += 1
    return at


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_of_month(today: date, month: int, day: int) -> date | None:
    """The next such day; None when it is just past or does not exist in that year."""
    this = _made(today.year, month, day)
    if this is not None and this >= today:
        return this
    if this is not None and (today - this).days < _HALF_A_YEAR:
        return None
    if this is None and month >= today.month:
        return None
    return _made(today.year + 1, month, day)


def day_alone(today: date, day: int) -> date | None:
    """The next `day` of a month ("पाँच तारीख"): of this month, else of the first month that has it."""
    year, month = today.year, today.month
    for _ in range(3):
        found = _made(year, month, day)
        if found is not None and found >= today:
            return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def day_number(parts: tuple[Part, ...], at: int) -> tuple[int, int, bool] | None:
    """A number that may name a day, the index after it, and whether it is an ordinal ("twenty fifth", "25th")."""
    if at >= len(parts):
        return None
    part = parts[at]
    number = part.number
    if part.ordinal is not None:
        return part.ordinal, at + 1, True
    if number is None:
        return None
    after = at + 1
    if part.text in numbers().english_tens and after < len(parts):
        unit = parts[after].ordinal or parts[after].number
        if unit is not None and 0 < unit < 10:
            return number + unit, after + 1, parts[after].ordinal is not None
    if _concept(parts, after) == "ordinal_mark":
        return number, after + 1, True
    return number, after, False


def _written(parts: tuple[Part, ...], at: int, today: date) -> Found:
    match = _WRITTEN.match(parts[at].text)
    if not match or _concept(parts, at + 1) in ("baje", "am", "pm"):
        return None
    first, second, third = int(match[1]), int(match[2]), match[3]
    if len(match[1]) == 4:
        day = _made(first, second, int(third)) if third else None
    elif third:
        day = _made(int(third) if len(third) > 2 else 2000 + int(third), second, first)
    else:
        if not 1 <= second <= 12:
            return None
        day = _day_of_month(today, second, first)
    return (day if day is not None and day >= today else None), at + 1


def _near(parts: tuple[Part, ...], at: int, today: date) -> Found:
    concept = _concept(parts, at)
    if concept == "yesterday":
        return None, at + 1
    if concept not in _OFFSETS:
        return None
    return today + timedelta(days=_OFFSETS[concept]), at + 1


def _after_some(parts: tuple[Part, ...], at: int, today: date) -> Found:
    """ "तीन दिन बाद", "in three days", "a week from today", "आज से पाँच दिन बाद"."""
    start = at
    if _concept(parts, at) == "today":
        at = _skip(parts, at + 1, "from")
    leading = parts[at - 1].text in ("in", "after") if at > 0 else False
    found = day_number(parts, at)
    count, at = (found[0], found[1]) if found else (1, at)
    unit = {"day_word": 1, "week": 7}.get(_concept(parts, at))
    if unit is None or (found is None and unit == 1) or count > 60:
        return None
    end = at + 1
    while end < len(parts) and parts[end].text in ("भर", "bhar", "के", "ke", "का", "time"):
        end += 1
    if _concept(parts, end) == "after" or (found and leading) or (found and parts[start].concept == "today"):
        return today + timedelta(days=count * unit), end + (_concept(parts, end) == "after")
    return None


def _weekday(parts: tuple[Part, ...], at: int, today: date) -> Found:
    """ "सोमवार", "next monday", "अगले हफ्ते बुधवार", "friday next week": next means of the next calendar week."""
    start, shift = at, _concept(parts, at)
    if shift in ("next", "coming", "this_one", "last_one", "last"):
        at = _skip(parts, at + 1, "week")
    else:
        shift = ""
    if _concept(parts, at) not in WEEKDAYS:
        return None
    weekday, end = WEEKDAYS.index(parts[at].concept), at + 1
    if _concept(parts, end) in ("next", "coming") and _concept(parts, end + 1) == "week":
        shift, end = "next", end + 2
    if shift in ("last_one", "last"):
        return None, end
    monday = today - timedelta(days=today.weekday())
    if shift == "next":
        return monday + timedelta(days=7 + weekday), end
    ahead = (weekday - today.weekday()) % 7 or 7
    if start > 0 and parts[start - 1].concept == "today":
        ahead %= 7
    return today + timedelta(days=ahead), end


def _with_month(parts: tuple[Part, ...], at: int, today: date) -> Found:
    """ "एक दिसंबर", "december second", "twenty fifth of november", "25 तारीख नवंबर की"."""
    if _concept(parts, at) in MONTHS:
        number = day_number(parts, _skip(parts, at + 1, "f_date"))
        month = MONTHS.index(parts[at].concept) + 1
        if number is None or _concept(parts, number[1]) in ("baje", "am", "pm"):
            return None
        end = number[1]
    else:
        number = day_number(parts, at)
        if number is None:
            return None
        end = _skip(parts, number[1], "f_date")
        if _concept(parts, end) not in MONTHS:
            return None
        month, end = MONTHS.index(parts[end].concept) + 1, end + 1
    return _dated(parts, _day_of_month(today, month, number[0]), (month, number[0]), end, today)


def _dated(parts: tuple[Part, ...], day: date | None, named: tuple[int, int], end: int, today: date) -> Found:
    """Takes a year that follows into account ("25 november 2026")."""
    if end < len(parts) and parts[end].number is not None and 2000 <= (parts[end].number or 0) <= 2100:
        day = _made(parts[end].number or 0, *named)
        return (day if day is not None and day >= today else None), end + 1
    return day, end


def _of_a_month(parts: tuple[Part, ...], at: int, today: date) -> Found:
    """ "अगले महीने की दस तारीख", "next month first", "fifth of next month", "इस महीने की तीस तारीख"."""
    if _concept(parts, at) in ("next", "coming", "this_one") and _concept(parts, at + 1) == "month":
        ahead = _concept(parts, at) != "this_one"
        number = day_number(parts, _skip(parts, at + 2))
        end = number[1] if number else at
    else:
        number = day_number(parts, at)
        then = _skip(parts, number[1], "f_date") if number else at
        if number is None or _concept(parts, then) not in ("next", "this_one") or _concept(parts, then + 1) != "month":
            return None
        ahead, end = _concept(parts, then) == "next", then + 2
    if number is None:
        return None
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1) if ahead else today
    day = _made(first.year, first.month, number[0])
    return (day if day is not None and day >= today else None), _skip(parts, end, "f_date")


def _month_end(parts: tuple[Part, ...], at: int, today: date) -> Found:
    if _concept(parts, at) == "end_of":
        at = _skip(parts, at + 1, "this_one", "this", "next")
        if _concept(parts, at) != "month":
            return None
        return _last_day(parts, at, today), at + 1
    if _concept(parts, at) != "month":
        return None
    end = _skip(parts, at + 1)
    if _concept(parts, end) not in ("end_of", "last"):
        return None
    if _concept(parts, _skip(parts, end + 1)) not in ("f_date", "day_word") and parts[end].text not in ("आखिरी तारीख",):
        return None
    return _last_day(parts, at, today), _skip(parts, end + 1, "f_date", "day_word")


def _last_day(parts: tuple[Part, ...], at: int, today: date) -> date:
    """The last day of the month named at `at`: this one, or the next where "next" stands before it."""
    after = _concept(parts, at - 1) == "next"
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1) if after else today
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _alone(parts: tuple[Part, ...], at: int, today: date) -> Found:
    """ "पच्चीस तारीख", "तारीख पच्चीस", "on the thirtieth", "26th"."""
    if _concept(parts, at) == "f_date":
        number = day_number(parts, _skip(parts, at + 1))
        if number is None or _concept(parts, number[1]) in ("baje", "am", "pm", *MONTHS) or not 1 <= number[0] <= 31:
            return None
        return day_alone(today, number[0]), number[1]
    number = day_number(parts, at)
    if number is None or _concept(parts, number[1]) in ("wala", "option", "week", "month", "day_word"):
        return None
    day, end, ordinal = number
    named = _concept(parts, end) == "f_date" and parts[end].text not in ("day",)
    english = ordinal and parts[end - 1].text.isascii() and parts[end - 1].text not in _HINDI_ORDINALS
    if not named and not english:
        return None
    return (day_alone(today, day) if 1 <= day <= 31 else None), end + (1 if named else 0)


_HINDI_ORDINALS = frozenset(
    "pehla pehli pahla pahli dusra doosra dusri doosri teesra tisra teesri tisri chautha chauthi pehle".split()
)
_FORMS: tuple[Callable[[tuple[Part, ...], int, date], Found], ...] = (
    _written, _after_some, _of_a_month, _month_end, _with_month, _weekday, _near, _alone,
)  # fmt: skip


def find_dates(said: Said, today: date) -> list[Mention]:
    """The days named, in order; `value` is a date, or None where it is past or impossible."""
    out: list[Mention] = []
    at = 0
    while at < len(said.parts):
        found = next((f for form in _FORMS if (f := form(said.parts, at, today)) is not None), None)
        if found is None:
            at += 1
            continue
        day, end = found
        out.append(Mention("date", at, end, day))
        at = end
    return _weekdays_agreed(said, [m for m in out if not _gone_by(said, m)])


def _weekdays_agreed(said: Said, mentions: list[Mention]) -> list[Mention]:
    """Drops a weekday that only goes with a date beside it ("fifteenth december, Tuesday"), where the two agree."""
    bare = [m for m in mentions if m.end == m.start + 1 and said.parts[m.start].concept in WEEKDAYS]
    dated = [m for m in mentions if m not in bare and m.value is not None]
    return [
        m
        for m in mentions
        if not (m in bare and any(d.value.weekday() == m.value.weekday() and _beside(said, m, d) for d in dated))
    ]


def _beside(said: Said, one: Mention, other: Mention) -> bool:
    first = min(one.start, other.start)
    between = (
        *said.parts[max(0, first - 2) : first],
        *said.parts[min(one.end, other.end) : max(one.start, other.start)],
    )
    if any(p.concept in ("nahi", "not", "no", "repair") for p in between):
        return False
    return min(abs(one.start - other.end), abs(other.start - one.end)) <= 2


_PASTS = (
    "done_past .3 past",
    "done_past $",
    "home .2 past $",
    "nobody_came|still_not|not_given|late|rude|bribe|ask_money",
)


def _gone_by(said: Said, mention: Mention) -> bool:
    """कल and परसों with a past verb behind them ("कल आया था") are yesterday and the day before."""
    if said.parts[mention.start].concept not in ("tomorrow", "overmorrow"):
        return False
    if said.matches("tomorrow|overmorrow .. past $") and not said.has("make", "want", "get", "come", "send", "book"):
        return True  # "कल बाहर था"; but "कल आना था" is a polite wish
    return any(said.matches(f"tomorrow|overmorrow .. {past}") for past in _PASTS)
