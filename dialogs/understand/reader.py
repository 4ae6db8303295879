"""One hearing seen from one question: the days, services and cities in it that stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dialogs.understand.cities import Placed, read_cities
from dialogs.understand.dates import find_dates
from dialogs.understand.lexicon import things
from dialogs.understand.meaning import Context
from dialogs.understand.mentions import Mention, taken_back
from dialogs.understand.said import Said, said
from dialogs.understand.services import Named, find_services
from dialogs.understand.text import tokens
from dialogs.understand.times import find_times

Fields = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """One utterance seen from one question; every kind is read at most once, when it is needed."""

    text: str
    asked: str
    context: Context

    @cached_property
    def said(self) -> Said:
        """The utterance as concepts."""
        return said(self.text)

    @cached_property
    def mentions(self) -> list[Mention]:
        """Days, times and parts of day, in order."""
        times = find_times(self.said)
        dates = [d for d in find_dates(self.said, self.context.now.date()) if not _inside(d, times)]
        if self.asked == "slot":
            dates = [d for d in dates if not self._only_position(d)]
        return sorted([*dates, *times], key=lambda m: m.start)

    def _only_position(self, mention: Mention) -> bool:
        """Whether "the second" is an offer's position rather than a day of the month."""
        part = self.said.parts[mention.start]
        return mention.end == mention.start + 1 and (part.ordinal or 99) <= len(self.context.offers)

    @cached_property
    def service(self) -> Named:
        """The services named."""
        among = self.context.among if self.asked == "service" else ()
        found = find_services(self.text, self.context.lexicon, among)
        if among and not found.ids:  # the caller may have another service in mind after all
            other = find_services(self.text, self.context.lexicon)
            return other if other.subject else found
        return found

    @cached_property
    def city(self) -> Placed:
        """The cities named."""
        return read_cities(self.text, self.context.lexicon)

    @cached_property
    def elsewhere(self) -> bool:
        """Whether a matter of another office was named."""
        found = tokens(self.text)
        return any(
            things().elsewhere.expression(found[i : i + n])
            for i in range(len(found))
            for n in (1, 2, 3)
            if i + n <= len(found)
        )


def _inside(mention: Mention, others: list[Mention]) -> bool:
    return any(o.start < mention.end and mention.start < o.end and o.kind == "time" for o in others)


def when(reading: Reading, moved: bool = False) -> Fields:
    """Day, time and part of day that stand; a clock time makes the part of day superfluous."""
    gone = taken_back(reading.said, reading.mentions)
    out: Fields = {}
    for kind in ("date", "time", "daypart"):
        standing = list(dict.fromkeys(m.value for m in reading.mentions if m.kind == kind and m not in gone))
        if moved:
            standing = standing[-1:]  # "कल वाली बुकिंग परसों कर दीजिए": the day that is left, then the new one
        if len(standing) == 1 and standing[0] is not None:
            value = standing[0]
            out[kind] = value.isoformat() if isinstance(value, date) else value
        elif standing:
            out[f"open_{kind}"] = True
    if "time" in out:
        out.pop("daypart", None)
    return out


def told_day(reading: Reading, moved: bool = False) -> Fields:
    """The day and time at a question where a day may be told; nothing when the day is past, impossible or open."""
    away = _away(reading.said)
    days = {m.value for m in reading.mentions if m.kind == "date"}
    found = when(reading, moved or (away and len(days) > 1))  # "not home on Monday, come on Tuesday"
    if "open_date" in found or (away and len(days) < 2) or reading.said.has("last_one", "yesterday"):
        return {}
    return {k: v for k, v in found.items() if not k.startswith("open_")}


def _away(heard: Said) -> bool:
    """ "I will not be home on Monday", "any day": no day is chosen."""
    return heard.matches("nahi|not .3 home") or heard.matches("home .3 nahi") or heard.has("absent")


def named(reading: Reading, key: str) -> Fields:
    """The services or cities named, as a field; empty when none is."""
    found = reading.service if key == "service" else reading.city
    return {key: found.ids} if found.ids else {}
