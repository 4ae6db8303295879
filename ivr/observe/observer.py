"""What the product tells about itself while it works; who wants to know is an `Observer`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.state import State
from ivr.timings import Timings


@dataclass(frozen=True)
class Stepped:
    """One turn of a conversation. The three times are wall times in ns since 1970: begun, what the caller said was
    understood (the dialog's first step), done and stored. `heard` says whether there were words to understand."""

    before: State
    after: State
    heard: bool
    began_ns: int
    understood_ns: int
    ended_ns: int


class Observer:
    """Is told, from any thread, and must return at once. This one does nothing; override what is of interest."""

    def call_began(self, call: str, conversation: str) -> None:
        """A call's audio connection is up."""

    def call_ended(self, call: str, conversation: str) -> None:
        """... and is over."""

    def turn(self, conversation: str, lap: Timings, now: float, speed: float) -> None:
        """A turn of a call with audio is over. `now` is the time of the clock of `lap`, which runs at `speed`."""

    def stepped(self, conversation: str, stepped: Stepped) -> None:
        """A conversation has gone on by a turn."""

    def operated(self, op: str, outcome: str) -> None:
        """An operation of a flow was carried out."""


class Observers(Observer):
    """Tells several."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = observers

    def call_began(self, call: str, conversation: str) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.call_began(call, conversation)

    def call_ended(self, call: str, conversation: str) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.call_ended(call, conversation)

    def turn(self, conversation: str, lap: Timings, now: float, speed: float) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.turn(conversation, lap, now, speed)

    def stepped(self, conversation: str, stepped: Stepped) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.stepped(conversation, stepped)

    def operated(self, op: str, outcome: str) -> None:
        """Tell all."""
        for observer in self._observers:
            observer.operated(op, outcome)
