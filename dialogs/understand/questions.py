"""What an utterance means at each question: every kind of answer, commands and wishes for another language first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dialogs.understand import (
    areas,
    choices,
    commands,
    complaints,
    confirms,
    digits,
    intents,
    languages,
    ratings,
    yesno,
)
from dialogs.understand.cities import not_covered
from dialogs.understand.dates import day_alone, day_number
from dialogs.understand.meaning import Context, Meaning
from dialogs.understand.mentions import Mention, taken_back
from dialogs.understand.phrases import as_answer
from dialogs.understand.reader import Fields, Reading, named, told_day, when


def at_intent(reading: Reading) -> Fields:
    """The open question: an intent and all that is told ahead."""
    services = named(reading, "service")
    if (
        services
        and not reading.service.subject
        and not reading.said.has("make", "want", "get", "apply", "book", "send")
    ):
        services = {}
    intent = intents.read_intent(reading.said, bool(services), reading.elsewhere)
    if intent is None:
        return {}
    out: Fields = {"intent": intent, **services, **named(reading, "city")}
    if intent in ("book", "reschedule", "cancel"):
        out |= told_day(reading, moved=intent == "reschedule")
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
    if picked := _picked(reading, "service"):
        return picked
    found = named(reading, "service")
    if not found:
        return {}
    return {**found, **named(reading, "city"), **told_day(reading)}


def at_city(reading: Reading) -> Fields:
    """Which city; the day may be told as well."""
    if picked := _picked(reading, "city"):
        return picked
    found = named(reading, "city")
    return {**found, **told_day(reading)} if found else {}


def _picked(reading: Reading, key: str) -> Fields:
    """The one of `among` told by its place ("दूसरा वाला", "the second")."""
    among = reading.context.among
    if not among:
        return {}
    place = choices.read_place(reading.said, len(among))
    return {key: (among[place - 1],)} if place else {}


def at_date(reading: Reading) -> Fields:
    """Which day, time or part of day."""
    if (
        reading.said.has("any", "asap")
        and reading.said.has("day_word", "f_date", "f_time", "except", "f_number")
        and "date" not in when(reading)
    ):
        return {}
    found = told_day(reading)
    if any(m.kind == "date" and m.value is None for m in reading.mentions):
        return {}
    if "date" not in found and (bare := _bare_day(reading)):
        found["date"] = bare
    return {**found, **named(reading, "city")} if found else {}


def vague_day(reading: Reading) -> str | None:
    """Why no day is taken from an answer that speaks of one: any day will do, or the one named is past."""
    if any(m.kind == "date" and m.value is None for m in reading.mentions):
        return "past"
    return "any" if reading.said.has("any", "asap") and not reading.mentions else None


def _bare_day(reading: Reading) -> str | None:
    """A number alone at the question for a day ("पच्चीस", "पच्चीस को")."""
    parts = reading.said.parts
    spots = [i for i, p in enumerate(parts) if p.number is not None or p.ordinal is not None]
    others = [p.concept for i, p in enumerate(parts) if p.concept and i not in spots]
    if not spots or len(parts) > 7 or reading.mentions or any(c not in _REPAIRS for c in others):
        return None
    named = [Mention("day", i, n[1], n[0]) for i in spots if (n := day_number(parts, i))]
    gone = taken_back(reading.said, named)
    numbers = {m.value for m in named if m not in gone}
    if len(numbers) != 1 or (not gone and len(parts) > 4):
        return None
    number = int(numbers.pop())
    marked = any(p.text in ("को", "ko", "ke", "on", "the") for p in parts)
    if not 1 <= number <= 31 or not (number > 12 or marked):
        return None
    day = day_alone(reading.context.now.date(), number)
    return day.isoformat() if day else None


_REPAIRS = ("nahi", "no", "repair", "not", "wrong")


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
    if reading.said.has("cancel") and reading.said.has("booking", "appointment"):
        return {}  # "cancel my booking" is a wish and no refusal
    answer = yesno.read_yesno(reading.said)
    return {"yesno": answer} if answer else {}


def at_cancel(reading: Reading) -> Fields:
    """Yes or no to "shall I cancel it?": to cancel is a yes here, any word against it a no."""
    if reading.said.has("cancel"):
        return {"yesno": "no" if reading.said.has("no", "nahi", "not", "mat", "leave_it") else "yes"}
    return at_yesno(reading)


def at_digits(reading: Reading) -> Fields:
    """A digit string."""
    found = digits.read_digits(reading.said, reading.context.length, reading.context.fits)
    return {"digits": found} if found else {}


def at_rating(reading: Reading) -> Fields:
    """A rating; a bare no declines to give one."""
    rating = ratings.read_rating(reading.said)
    if not rating and all(p.concept in _BARE or p.text in _ADDRESS for p in reading.said.parts):
        return {"yesno": "no"} if at_yesno(reading).get("yesno") == "no" else {}
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


def at_area(reading: Reading) -> Fields:
    """Which area of the city, by its name, one of its places or its position."""
    among = reading.context.among
    area = areas.read_area(reading.text, among, reading.context.lexicon)
    if area:
        return {"area": area}
    place = choices.read_place(reading.said, len(among)) if among else None
    return {"area": among[place - 1]} if place else {}


def at_text(reading: Reading) -> Fields:
    """The caller's own words, whatever they are; a bare yes, no or "I don't know" is none."""
    said = reading.said
    if all(p.concept in _BARE or p.text in _ADDRESS for p in said.parts):
        return {"yesno": "no" if said.has("dont_know", "leave_it", "no", "nahi") else "yes"}
    return {"text": reading.text[:_LONGEST]} if any(c.isalpha() for c in reading.text) else {}


def at_about(reading: Reading) -> Fields:
    """What a complaint is about: in the caller's own words, with our service when one is named beyond doubt."""
    found = at_text(reading)
    named = reading.service
    certain = "text" in found and len(named.ids) == 1 and named.subject and named.score >= _CERTAIN
    return {**found, "service": named.ids} if certain else found


_BARE = ("yes", "sure", "okay", "correct", "no", "nahi", "leave_it", "dont_know")
_LONGEST = 300  # characters of an answer in own words
_ADDRESS = ("जी", "ji", "सर", "मैडम", "sir", "madam", "i", "मुझे", "मुझको")
_CERTAIN = 0.9  # "राशन की दुकान" is 0.65 like the licence of a shop
_QUESTIONS = {
    "intent": at_intent, "service": at_service, "city": at_city, "date": at_date, "slot": at_slot, "yesno": at_yesno,
    "confirm": confirms.at_confirm, "digits": at_digits, "rating": at_rating, "language": at_language,
    "complaint": at_complaint, "area": at_area, "text": at_text,
    "about": at_about, "cancel": at_cancel,
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
    scores: dict[str, float] = {k: getattr(reading, k).score for k in ("service", "city") if k in fields}
    others = {"service": reading.service.near} if "service" in fields and reading.service.near else {}
    if not fields and asked == "city":
        fields = {"elsewhere": not_covered(text, context.lexicon)}
    if not fields and asked == "date":
        fields = {"vague": vague_day(reading)}
    why = (reading.said.row.strip(),)
    return replace(Meaning(heard=text), **fields, scores=scores, near=others, why=why)
