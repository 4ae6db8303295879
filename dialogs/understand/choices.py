"""Which of the offered slots is taken, or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from dialogs.understand.mentions import Mention, taken_back
from dialogs.understand.said import Said

DAYPART_HOURS = {"morning": (0, 12), "afternoon": (12, 16), "evening": (16, 24)}  # hours, from and before
_FEW = 4  # parts: in longer sentences a number counts something
_REFUSALS = ("none", "dont_want", "leave_it", "another")


@dataclass(frozen=True)
class Taken:
    """The choice, and the wish that was named instead when none was taken."""

    choice: int | Literal["none"] | None = None
    wish: tuple[Mention, ...] = ()


def ordinal_mentions(said: Said, count: int) -> list[Mention]:
    """Positions named among `count` things: "दूसरा", "option 3", "दो नंबर वाला", "the last one"."""
    out: list[Mention] = []
    for at, part in enumerate(said.parts):
        after = said.parts[at + 1].concept if at + 1 < len(said.parts) else ""
        before = said.parts[at - 1].concept if at else ""
        if (
            part.ordinal is not None
            and after not in ("f_date", "ordinal_mark")
            and not (part.text in ("पहले", "pehle") and after not in ("wala", "okay", ""))
        ):
            out.append(Mention("choice", at, at + 1, part.ordinal))
        elif part.number is not None and (
            after in ("f_number", "option", "ordinal_mark") or before in ("option", "f_number")
        ):
            end = at + 2 if after in ("f_number", "option", "ordinal_mark") else at + 1
            out.append(Mention("choice", at, end, part.number))
        elif part.concept == "last":
            out.append(Mention("choice", at, at + 1, count))
        elif part.concept == "early":
            out.append(Mention("choice", at, at + 1, 1))
        elif part.concept == "middle" and count == 3:
            out.append(Mention("choice", at, at + 1, 2))
    return out


def read_choice(said: Said, offers: Sequence[datetime], mentions: Sequence[Mention]) -> Taken:
    """The offer meant by `said`; `mentions` are the days, times and parts of day in it."""
    ordinals = [m for m in ordinal_mentions(said, len(offers)) if not _within(m, mentions)]
    everything = [*ordinals, *[m for m in mentions if not (m.kind == "date" and m.value is None)]]
    gone = taken_back(said, everything)
    refused = said.has(*_REFUSALS)
    standing = [m for m in everything if m not in gone]
    if said.has("hold_on") and not standing:
        return Taken()
    if said.has("early", "last") and said.has("which") and not said.has("do_it", "okay", "goes", "want", "give"):
        return Taken()  # "which is the earliest?"
    picked = {m.value for m in standing if m.kind == "choice"}
    wish = tuple(m for m in standing if m.kind != "choice")
    if len(picked) == 1 and not refused:
        number = int(picked.pop())
        return Taken(number) if 1 <= number <= len(offers) else Taken()
    if wish:
        return _matched(wish, offers)
    if refused or _all_refused(said, everything, gone):
        return Taken("none")
    return Taken(_bare_number(said, offers))


def read_place(said: Said, count: int) -> int | None:
    """The place (from 1) of the one meant among `count` things just named, or None."""
    places = ordinal_mentions(said, count)
    gone = taken_back(said, places)
    standing = {m.value for m in places if m not in gone}
    if not places and len(said.parts) <= _FEW:
        standing = {p.number for p in said.parts if p.number is not None}
    if len(standing) != 1:
        return None
    place = int(standing.pop())
    return place if 1 <= place <= count else None


def _within(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(o.start <= mention.start < o.end and o.kind != "daypart" for o in others)


def _matched(wish: tuple[Mention, ...], offers: Sequence[datetime]) -> Taken:
    fitting = [i for i, offer in enumerate(offers, start=1) if all(_fits(m, offer) for m in wish)]
    if len(fitting) == 1:
        return Taken(fitting[0])
    if len({m.kind for m in wish}) < len(wish) and len(fitting) == 0:
        return _either(wish, offers)
    return Taken() if fitting else Taken("none", wish)


def _either(wish: tuple[Mention, ...], offers: Sequence[datetime]) -> Taken:
    """Two values of one kind ("ten or eleven"): open, unless only one of them was offered."""
    single = [i for i, offer in enumerate(offers, start=1) if any(_fits(m, offer) for m in wish)]
    return Taken(single[0]) if len(single) == 1 else Taken()


def _fits(mention: Mention, offer: datetime) -> bool:
    if mention.kind == "date":
        return isinstance(mention.value, date) and offer.date() == mention.value
    if mention.kind == "daypart":
        first, last = DAYPART_HOURS[str(mention.value)]
        return first <= offer.hour < last
    hour, minute = (int(p) for p in str(mention.value).split(":"))
    return offer.minute == minute and offer.hour % 12 == hour % 12 and (offer.hour == hour or not 8 <= hour <= 20)


def _all_refused(said: Said, everything: list[Mention], gone: set[Mention]) -> bool:
    if said.has("dont_know", "hold_on", "no_problem", "backchannel", "pata"):
        return False
    if everything and len(gone) == len(everything):
        return True
    words = [p.concept for p in said.parts]
    return (
        said.has("nahi", "no", "not", "mat", "no_need", "wrong")
        and not said.has("yes", "sure", "correct")
        and len(words) <= 8
    )


def _bare_number(said: Said, offers: Sequence[datetime]) -> int | None:
    """A number alone: a position, unless it could as well be an offered hour of another position."""
    numbers = [p.number for p in said.parts if p.number is not None]
    others = [
        p
        for p in said.parts
        if p.number is None and p.concept not in ("wala", "okay", "yes", "do_it", "want", "goes", "")
    ]
    if len(numbers) != 1 or others or len(said.parts) > 4 or numbers[0] is None:
        return None
    number = numbers[0]
    hours = [i for i, o in enumerate(offers, start=1) if o.minute == 0 and o.hour % 12 == number % 12]
    by_place = [number] if 1 <= number <= len(offers) else []
    found = set(by_place) | set(hours)
    return found.pop() if len(found) == 1 else None
