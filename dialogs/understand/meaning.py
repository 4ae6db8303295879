"""What goes into and comes out of understanding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from dialogs.understand.lexicon import Lexicon

Expect = Literal[
    "intent",
    "service",
    "city",
    "area",
    "date",
    "slot",
    "yesno",
    "confirm",
    "digits",
    "rating",
    "language",
    "complaint",
    "text",
    "about",
    "cancel",
]
Daypart = Literal["morning", "afternoon", "evening"]
YesNo = Literal["yes", "no"]
Fix = Literal["service", "city", "date", "time", "mobile", "address", "pin"]


@dataclass(frozen=True)
class Hearing:
    """One hypothesis of what was said. `confidence` is 0..1 (1 for typed text); `language` is the recogniser's."""

    text: str
    confidence: float = 1.0
    language: str | None = None


@dataclass(frozen=True)
class Context:
    """What was asked and what is known.

    `offers` are the slots just offered, in order, local wall-clock times without zone (Asia/Kolkata).
    `length` is the number of digits asked (10 mobile, 6 PIN code, 8 booking number) or None.
    `among` narrows services (or cities, areas) to those a "which one?" question just named, in the order they were
    named; then "the second one" or a distinguishing word ("BPL") is enough. `fits` says of a digit string without a
    fixed length whether it can be the one asked for (a check digit).
    """

    lexicon: Lexicon
    language: str
    now: datetime
    offers: tuple[datetime, ...] = ()
    length: int | None = None
    among: tuple[str, ...] = ()
    fits: Callable[[str], bool] | None = None


@dataclass(frozen=True)
class Meaning:
    """The meaning of an utterance; every field None or empty when not said.

    `service` and `city` hold one id when certain, several when the caller's words honestly leave several open.
    `date` is ISO `YYYY-MM-DD`, `time` is 24 h `HH:MM`. `choice` is the 1-based offer taken or "none".
    `elsewhere` is a place named that is not in the catalogue (Nagpur, कांकेर): no answer, but worth a kind sentence.
    `vague` says why a day was named and yet none is taken: "any" day will do, or the day is "past" or impossible.
    `text` is the answer in the caller's own words, where these are asked for.
    `scores` gives 0..1 by field; `near` names the runners-up by field; `heard` is the hypothesis that was used.
    """

    intent: str | None = None
    language: str | None = None
    service: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    date: str | None = None
    time: str | None = None
    daypart: Daypart | None = None
    choice: int | Literal["none"] | None = None
    yesno: YesNo | None = None
    fix: Fix | None = None
    digits: str | None = None
    rating: int | None = None
    complaint: str | None = None
    area: str | None = None
    text: str | None = None
    elsewhere: str | None = None
    vague: Literal["any", "past"] | None = None
    heard: str = ""
    confidence: float = 1.0
    scores: Mapping[str, float] = field(default_factory=dict)
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    why: tuple[str, ...] = ()

    @property
    def understood(self) -> bool:
        """Whether anything at all was taken from the utterance."""
        return bool(self.gold())

    def gold(self) -> dict[str, object]:
        """The meaning with the keys of the utterance files, absent where nothing was said."""
        out: dict[str, object] = {}
        for key in (
            "intent",
            "language",
            "date",
            "time",
            "daypart",
            "choice",
            "yesno",
            "fix",
            "digits",
            "rating",
            "complaint",
            "area",
            "text",
        ):
            value = getattr(self, key)
            if value is not None:
                out[key] = value
        for key in ("service", "city"):
            ids: tuple[str, ...] = getattr(self, key)
            if ids:
                out[key] = ids[0] if len(ids) == 1 else list(ids)
        return out
