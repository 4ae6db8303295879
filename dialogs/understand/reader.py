"""Reads one hearing: brings the kinds of answers together for what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from dialogs.understand import choices, commands, complaints, confirms, digits, intents, languages, ratings, yesno
from dialogs.understand.cities import Placed, read_cities
from dialogs.understand.dates import find_dates
from dialogs.understand.lexicon import things
from dialogs.understand.meaning import Context, Meaning
from dialogs.understand.mentions import Mention, taken_back
from dialogs.understand.phrases import as_answer
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
        return find_services(self.text, self.context.lexicon, self.context.among if self.asked == "service" else ())

    @cached_property
    def city(self) -> Placed:
        """The cities named."""
        return read_cities(self.said, self.text, self.context.lexicon)

    @cached_property
    def elsewhere(self) -> bool:
        """Whether a matter of another office was named."""
        found = tokens(self.text)
        return any(things()[2].expression(found[i : i + n]) for i in range(len(found)) for n in (1, 2, 3) if i + n <= len(found))


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


def _day(reading: Reading, moved: bool = False) -> Fields:
    """The day and time at a question where a day may be told; nothing when the day is past, impossible or open."""
    found = when(reading, moved)
    if "open_date" in found or _away(reading.said):
        return {}
    return {k: v for k, v in found.items() if not k.startswith("open_")}


def _away(heard: Said) -> bool:
    """ "I will not be home on Monday", "any day": no day is chosen."""
    return heard.matches("nahi|not .3 home") or heard.matches("home .3 nahi") or heard.has("last_one", "yesterday")


def _named(reading: Reading, key: str) -> Fields:
    found = reading.service if key == "service" else reading.city
    return {key: found.ids} if found.ids else {}


def at_intent(reading: Reading) -> Fields:
    """The open question: an intent and all that is told ahead."""
    named = _named(reading, "service")
    if named and not reading.service.subject and not reading.said.has("make", "want", "get", "apply", "book", "send"):
        named = {}
    intent = intents.read_intent(reading.said, bool(named), reading.elsewhere)
    if intent is None:
        return {}
    out: Fields = {"intent": intent, **named, **_named(reading, "city")}
    if intent in ("book", "reschedule", "cancel"):
        out |= _day(reading, moved=intent == "reschedule")
    if intent == "complaint":
        out.pop("service", None)
        kind = complaints.read_complaint(reading.said)
        if kind and kind != "other":
            out["complaint"] = kind
    if intent != "book" and not reading.service.subject:
        out.pop("service", None)
    return out


def at_service(reading: Reading) -> Fields:
    """Which service; city and day may be told as well."""
    named = _named(reading, "service")
    if not named:
        return {}
    return {**named, **_named(reading, "city"), **_day(reading)}


def at_city(reading: Reading) -> Fields:
    """Which city; the day may be told as well."""
    named = _named(reading, "city")
    return {**named, **_day(reading)} if named else {}


def at_date(reading: Reading) -> Fields:
    """Which day, time or part of day."""
    if reading.said.has("any", "asap") and reading.said.has("day_word", "f_date", "f_time", "except", "f_number") and "date" not in when(reading):
        return {}
    found = _day(reading)
    if any(m.kind == "date" and m.value is None for m in reading.mentions):
        return {}
    if "date" not in found and (bare := _bare_day(reading)):
        found["date"] = bare
    return {**found, **_named(reading, "city")} if found else {}


def _bare_day(reading: Reading) -> str | None:
    """A number alone at the question for a day ("पच्चीस", "पच्चीस को")."""
    from dialogs.understand.dates import _day_alone, _day_number

    parts = reading.said.parts
    spots = [i for i, p in enumerate(parts) if p.number is not None or p.ordinal is not None]
    if not spots or len(parts) > 4 or reading.mentions or any(p.concept for p in parts if p.number is None and p.ordinal is None):
        return None
    number = _day_number(parts, spots[0])
    marked = any(p.text in ("को", "ko", "ke", "on", "the") for p in parts)
    if number is None or not 1 <= number[0] <= 31 or not (number[0] > 12 or marked):
        return None
    day = _day_alone(reading.context.now.date(), number[0])
    return day.isoformat() if day else None


def at_slot(reading: Reading) -> Fields:
    """Which of the offers."""
    taken = choices.read_choice(reading.said, reading.context.offers, reading.mentions)
    if taken.choice is None:
        return {}
    out: Fields = {"choice": taken.choice}
    for mention in taken.wish:
        value = mention.value
        out[mention.kind] = value.isoformat() if isinstance(value, date) else value
    if "time" in out:
        out.pop("daypart", None)
    return out


def at_yesno(reading: Reading) -> Fields:
    """Yes or no."""
    answer = yesno.read_yesno(reading.said)
    return {"yesno": answer} if answer else {}


def at_confirm(reading: Reading) -> Fields:
    """The answer to a read-back: what is wrong with its new value, else yes or no."""
    if reading.said.has("hold_on", "dont_know"):
        return {}
    answer = yesno.read_yesno(reading.said)
    fix = _fix(reading, answer)
    if not fix:
        return {"yesno": answer} if answer else {}
    return fix | ({"yesno": "no"} if answer == "no" else {})


def _fix(reading: Reading, answer: str | None) -> Fields:
    heard = reading.said
    values = _day(reading) | _named(reading, "service") | _named(reading, "city")
    number = digits.read_digits(heard, digits.MOBILE)
    field = confirms.field_named(heard)
    if number:
        return {"fix": "mobile", "digits": number}
    corrected = reading.city.corrected or reading.service.corrected or bool(taken_back(heard, reading.mentions))
    changing = confirms.wants_change(heard) or corrected or confirms.told_to_correct(heard)
    if not changing or (answer == "yes" and not corrected and not heard.has("wrong", "except", "change", "fix_word", "nahi") and field is None):
        return {}
    return _with_value(reading, field, values)


def _with_value(reading: Reading, field: str | None, values: Fields) -> Fields:
    """The field and its value: named, or told by the kind of value that was given."""
    bare = _date_number(reading) if field == "date" and "date" not in values else None
    if bare:
        values = {**values, "date": bare}
    if field in ("date", "time", None):
        for kind in ("date", "time"):
            if kind in values and (field in (None, kind) or field not in values):
                return {"fix": kind, **{k: values[k] for k in ("date", "time", "daypart") if k in values}}
        if "daypart" in values:
            return {"fix": "time", "daypart": values["daypart"]}
    if field in (None, "city") and "city" in values:
        return {"fix": "city", "city": values["city"]}
    if field in (None, "service") and "service" in values and reading.service.subject:
        return {"fix": "service", "service": values["service"]}
    return {"fix": field} if field else {}


def _date_number(reading: Reading) -> str | None:
    from dialogs.understand.dates import _day_alone

    numbers = [p.number for p in reading.said.parts if p.number is not None and 1 <= p.number <= 31]
    day = _day_alone(reading.context.now.date(), numbers[0]) if len(numbers) == 1 else None
    return day.isoformat() if day else None


def at_digits(reading: Reading) -> Fields:
    """A digit string."""
    found = digits.read_digits(reading.said, reading.context.length)
    return {"digits": found} if found else {}


def at_rating(reading: Reading) -> Fields:
    """A rating."""
    rating = ratings.read_rating(reading.said)
    return {"rating": rating} if rating else {}


def at_language(reading: Reading) -> Fields:
    """A language; who simply starts talking is understood as at the open question."""
    language = languages.read_language(reading.said, "language")
    if language:
        return {"language": language}
    return at_intent(reading) if not reading.said.has("hindi", "english", "chhattisgarhi", "other_language") else {}


def at_complaint(reading: Reading) -> Fields:
    """The kind of complaint."""
    kind = complaints.read_complaint(reading.said)
    return {"complaint": kind} if kind else {}


_QUESTIONS = {
    "intent": at_intent, "service": at_service, "city": at_city, "date": at_date, "slot": at_slot, "yesno": at_yesno,
    "confirm": at_confirm, "digits": at_digits, "rating": at_rating, "language": at_language, "complaint": at_complaint,
}  # fmt: skip


def read(text: str, asked: str, context: Context) -> Meaning:
    """The meaning of `text` at the question `asked`; a command or a wish for another language goes before an answer."""
    reading = Reading(text, asked, context)
    if not reading.said.parts:
        return Meaning(heard=text)
    whole = context.lexicon.whole.find(text)
    if whole and (fields := as_answer(whole, asked)):
        return replace(Meaning(heard=text), **fields, why=(f"phrase of {whole[0]}.{whole[1]}",))
    command = commands.read_command(reading.said, asked)
    if command:
        return Meaning(heard=text, intent=command, why=(f"command {command}",))
    if asked != "language" and (language := languages.read_language(reading.said, asked)):
        return Meaning(heard=text, language=language, why=("language asked for",))
    fields = _QUESTIONS[asked](reading)
    if not fields and (near := context.lexicon.whole.near(text)):
        fields = as_answer(near, asked)
    scores = {k: getattr(reading, k).score for k in ("service", "city") if k in fields}
    near = {"service": reading.service.near} if "service" in fields and reading.service.near else {}
    why = (reading.said.row.strip(),)
    return replace(Meaning(heard=text), **fields, scores=scores, near=near, why=why)
