"""Which answers of a conversation were missed: not understood, doubtful, corrected later, or at last an agent's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KINDS = ("missed", "doubtful", "corrected", "agent")
MEANT = ("service", "city", "complaint", "intent")  # items that phrases lead to
_CORRECTED = ("service", "city", "complaint")
_BOOKED = "number"  # a booking or complaint is made: what is said of the next one corrects nothing


@dataclass(frozen=True)
class Answer:
    """One turn of a caller at the question `node`; `understood` is None when it was not understood, else the items that
    it changed, and under `doubt` what it was taken for when that was asked back."""

    kind: str
    text: str
    node: str
    understood: Mapping[str, Any] | None

    @property
    def spoken(self) -> bool:
        """Whether something was said (or written), not keyed."""
        return self.kind == "heard" and bool(self.text)

    @property
    def doubt(self) -> Mapping[str, Any] | None:
        """What it was taken for, where that was asked back."""
        return (self.understood or {}).get("doubt")

    def item(self, name: str) -> str | None:
        """The one value that it gave an item."""
        value = self.understood.get(name) if self.understood else None
        return value if isinstance(value, str) else None


@dataclass(frozen=True)
class Talk:
    """A conversation: its caller's turns in order, and why it went to an agent (None: it did not)."""

    id: str
    started_at: datetime
    reason: str | None
    answers: Sequence[Answer]


@dataclass(frozen=True)
class Miss:
    """A sentence that was missed. `kind` is missed, doubtful (asked back, and it was something else), corrected (taken
    for something that was changed later) or agent (not understood, and an agent had to take over at this question).
    `meant` is what the caller got across in the end: an item and its value, None where that is not known."""

    conversation: str
    started_at: datetime
    node: str
    text: str
    kind: str
    meant: tuple[str, str] | None


def misses(talk: Talk) -> Iterator[Miss]:
    """The misses of a conversation in order."""
    lost = _handed_over(talk)
    for here, answer in enumerate(talk.answers):
        if not answer.spoken:
            continue
        found = _miss(talk.answers, here, lost)
        if found:
            kind, meant = found
            yield Miss(talk.id, talk.started_at, answer.node, answer.text, kind, meant)


def _miss(answers: Sequence[Answer], here: int, lost: str | None) -> tuple[str, tuple[str, str] | None] | None:
    answer = answers[here]
    if answer.doubt:
        return ("doubtful", _later(answers, here)) if _denied(answers, here) else None
    if answer.understood is None:
        if here and _asked_back(answers[here - 1], answer):
            return None  # "no" to "did you say …?": the sentence before it is the miss
        return "agent" if answer.node == lost else "missed", _later(answers, here)
    changed = _changed(answers, here)
    return ("corrected", changed) if changed else None


def _asked_back(before: Answer, answer: Answer) -> bool:
    return before.doubt is not None and before.node == answer.node


def _denied(answers: Sequence[Answer], here: int) -> bool:
    """Whether the answer to "did you say …?" was no, or something else at once."""
    if here + 1 >= len(answers) or not _asked_back(answers[here], answers[here + 1]):
        return False
    after, doubt = answers[here + 1], answers[here].doubt or {}
    return after.understood is None or any(after.item(i) not in (None, doubt.get(i)) for i in MEANT if i in doubt)


def _later(answers: Sequence[Answer], here: int) -> tuple[str, str] | None:
    """What the same question was answered with in the end."""
    for answer in answers[here + 1 :]:
        if answer.node != answers[here].node:
            return None
        for item in MEANT:
            if value := answer.item(item):
                return item, value
    return None


def _changed(answers: Sequence[Answer], here: int) -> tuple[str, str] | None:
    """The first item of this answer that was given another value before anything was made of it."""
    for item in _CORRECTED:
        if answers[here].item(item) and (value := _other(answers, here, item)):
            return item, value
    return None


def _other(answers: Sequence[Answer], here: int, item: str) -> str | None:
    first = answers[here].item(item)
    for answer in answers[here + 1 :]:
        if answer.item(_BOOKED):
            return None
        if value := answer.item(item):
            return value if value != first else None
    return None


def _handed_over(talk: Talk) -> str | None:
    """The question at which an agent had to take over."""
    if talk.reason is None:
        return None
    asked = [answer for answer in talk.answers if answer.item("reason")]
    missed = [answer for answer in talk.answers if answer.understood is None and answer.kind != "hung_up"]
    last = (asked or missed)[-1:] if talk.reason != "ladder" else missed[-1:]
    return last[0].node if last else None
