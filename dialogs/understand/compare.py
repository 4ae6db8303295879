"""What another lexicon changes: the same sentences understood with both, and those whose meaning is another then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dialogs.understand.engine import understand
from dialogs.understand.lexicon import Lexicon
from dialogs.understand.lines import DEFAULT_NOW, same
from dialogs.understand.meaning import Context, Hearing, Meaning


@dataclass(frozen=True)
class Said:
    """A sentence said at a question. `expect`, `language`, `now`, `offers`, `length` and `among` are those of the
    question (see Context); `meant` is the right meaning, by the keys of `Meaning.gold` ({}: none), or None: not known.
    """

    text: str
    expect: str
    language: str
    now: datetime = DEFAULT_NOW
    offers: tuple[datetime, ...] = ()
    length: int | None = None
    among: tuple[str, ...] = ()
    meant: Mapping[str, object] | None = None

    def meaning(self, lexicon: Lexicon, confidence: float = 1.0) -> Meaning:
        """What is understood of it, heard with this confidence (1: typed)."""
        context = Context(lexicon, self.language, self.now, self.offers, self.length, self.among)
        return understand([Hearing(self.text, confidence)], self.expect, context)


@dataclass(frozen=True)
class Shift:
    """A sentence that means something else with the second lexicon."""

    said: Said
    before: Meaning
    after: Meaning

    @property
    def away(self) -> bool:
        """Whether a right meaning goes lost; where it is not known, what was understood so far counts as right."""
        if self.said.meant is None:
            return self.before.understood
        return same(self.before.gold(), self.said.meant)

    @property
    def found(self) -> bool:
        """Whether nothing was understood before, and now something is."""
        return not self.before.understood and self.after.understood


def shifts(before: Lexicon, after: Lexicon, sayings: Iterable[Said]) -> list[Shift]:
    """The sentences with another meaning, in their order: another intent or value, or one that is no longer accepted or
    newly so. How sure it is does not count beyond that. Some 3,000 sentences a second."""
    if before == after:
        return []
    compared = (Shift(said, said.meaning(before), said.meaning(after)) for said in sayings)
    return [one for one in compared if not same(outcome(one.before), outcome(one.after))]


def outcome(meaning: Meaning) -> dict[str, object]:
    """All of a meaning that the dialog acts on: the answer, or what it says kindly of one that it cannot take."""
    beside = {"elsewhere": meaning.elsewhere, "vague": meaning.vague}
    return meaning.gold() | {key: value for key, value in beside.items() if value}
