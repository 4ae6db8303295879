"""What was said in a conversation, on its way to the store; what was not heard of a reply is taken out again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from booking import conversations
from booking.conversations import Line
from ivr.actions import Speak


@dataclass
class _Entry:
    """One line; `seq` once it is stored. `sentences` are those of a bot's line, `heard` False when none was heard."""

    line: Line
    sentences: tuple[str, ...] = ()
    seq: int | None = None
    heard: bool = True


class Transcript:
    """The lines not stored yet, and the last reply, which may still turn out not to have been heard."""

    def __init__(self) -> None:
        self._new: list[_Entry] = []
        self._reply: list[_Entry] = []
        self._changed: list[_Entry] = []

    @property
    def pending(self) -> bool:
        """Whether there is something to store."""
        return bool(self._new or self._changed)

    def turn(self, said: Iterable[Line], reply: Sequence[Speak], node: str | None) -> None:
        """The caller's lines and the reply to them, at the question `node`."""
        self._reply = [_Entry(Line("bot", "say", s.text, node), tuple(x.text for x in s.sentences)) for s in reply]
        self._new += [*(_Entry(line) for line in said), *self._reply]

    def played(self, sentences: Collection[int]) -> None:
        """Only these sentences of the last reply were heard, numbered through from 0."""
        first = 0
        for entry in self._reply:
            heard = [text for number, text in enumerate(entry.sentences, first) if number in sentences]
            first += len(entry.sentences)
            if len(heard) < len(entry.sentences):
                entry.line, entry.heard = replace(entry.line, text=" ".join(heard)), bool(heard)
                if entry.seq is not None:
                    self._changed.append(entry)
        self._new = [entry for entry in self._new if entry.heard]
        self._reply = []

    def store(self, session: Session, now: datetime, id: str) -> list[int]:
        """Store it; returns what `stored` is to be told after the commit."""
        self.correct(session, id)
        return conversations.add_turns(session, now, id, [entry.line for entry in self._new])

    def correct(self, session: Session, id: str) -> None:
        """Take out of the store what was not heard of the last reply."""
        for entry in self._changed:
            if entry.seq is not None:
                conversations.correct_turn(session, id, entry.seq, entry.line.text if entry.heard else None)

    def stored(self, numbers: Sequence[int]) -> None:
        """It was committed."""
        for entry, seq in zip(self._new, numbers, strict=True):
            entry.seq = seq
        self._new, self._changed = [], []
