"""Where a waiting caller stands with the keys, and what a key does there. Pure; kept in the store between webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from booking.phone import mobile

Question = Literal["", "number", "typing", "slot"]
# What follows a key: the question is asked, a slot was chosen, the bot is wanted; the line goes on; a key that means
# nothing here; a number that is none.
Did = Literal["ask", "chosen", "bot", "stay", "wrong", "no_number"]
DIGITS = 10  # of a mobile
STAY, BACK, AGAIN = "0", "*", "9"


@dataclass(frozen=True)
class Asked:
    """`rounds` counts what was announced, `told` is the last event of the handoff that the caller was told of (its id).

    `question` is the open one ("": none), `silent` counts the rounds in which it was not answered. `number` (E.164) is
    to be confirmed or is, `typed` the digits keyed so far, `slots` those offered (ISO, local).
    """

    rounds: int = 0
    told: int = 0
    question: Question = ""
    silent: int = 0
    number: str = ""
    typed: str = ""
    slots: tuple[str, ...] = ()

    @property
    def keys(self) -> int:
        """How many keys are awaited."""
        return DIGITS - len(self.typed) if self.question == "typing" else 1

    def closed(self) -> Asked:
        """Without the question and all that was said for it."""
        return Asked(self.rounds, self.told)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Asked:
        """Of `to_json`; unknown keys of a newer version are ignored."""
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {name: value for name, value in (data or {}).items() if name in known}
        return cls(**{**values, "slots": tuple(values.get("slots", ()))})


def pressed(asked: Asked, keys: str, own: str) -> tuple[Asked, Did]:
    """What `keys` make of it; `own` is the number that calls ("": withheld)."""
    if asked.question == "typing":
        return _typed(replace(asked, silent=0), keys, own)
    key = keys[:1]
    if key in (STAY, BACK) and asked.question:
        return asked.closed(), "stay"
    if key == AGAIN:
        return replace(asked, silent=0), "ask"
    return _ANSWERS[asked.question](replace(asked, silent=0), key, own)


def _line(asked: Asked, key: str, own: str) -> tuple[Asked, Did]:
    """No question is open."""
    if key == "1":
        return replace(asked, question="number" if own else "typing", number=own), "ask"
    return asked, "bot" if key == "2" else "ask"


def _number(asked: Asked, key: str, own: str) -> tuple[Asked, Did]:
    """Whether this is the right number."""
    if key == "1":
        return replace(asked, question="slot", slots=()), "ask"
    if key == "2":
        return replace(asked, question="typing", typed=""), "ask"
    return asked, "wrong"


def _typed(asked: Asked, keys: str, own: str) -> tuple[Asked, Did]:
    """Digits of a number, as many as came in one go; a star begins anew, and before any digit it goes back."""
    if BACK in keys:
        begun = keys.replace(BACK, "") or asked.typed
        return (replace(asked, typed=""), "ask") if begun else (asked.closed(), "stay")
    typed = asked.typed + "".join(key for key in keys if key.isdecimal())
    if len(typed) < DIGITS:
        return replace(asked, typed=typed), "ask"
    found = mobile(typed)
    if found is None:
        return replace(asked, typed=""), "no_number"
    return replace(asked, question="number", number=f"+91{found}", typed=found), "ask"


def _slot(asked: Asked, key: str, own: str) -> tuple[Asked, Did]:
    """Which of the offered times."""
    chosen = key.isdecimal() and 1 <= int(key) <= len(asked.slots)
    return (replace(asked, slots=(asked.slots[int(key) - 1],)), "chosen") if chosen else (asked, "wrong")


_ANSWERS = {"": _line, "number": _number, "slot": _slot}
