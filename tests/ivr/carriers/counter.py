"""An agents' queue of the simplest kind, for tests of the bridge: it does what a test has told it to."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.bridge import LegEvent, RoomEvent, Seat, Step
from prompts.sentence import Sentence


def say(*texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(text, "en") for text in texts)


@dataclass
class Counter:
    """`seats` has where an accepted leg goes, by ticket; `steps` what a caller does after a key or a room; `kept` the
    calls that have a place."""

    seats: dict[str, Seat] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    rounds: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answers: list[tuple[str, bool]] = field(default_factory=list)
    legs: list[LegEvent] = field(default_factory=list)
    events: list[RoomEvent] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    broken: bool = False

    def takes(self, call: str) -> bool:
        return True

    def returns(self, call: str) -> bool:
        return call in self.kept

    def overloaded(self, call: str) -> tuple[Sentence, ...] | None:
        return None

    def waiting(self, call: str) -> Step:
        if self.broken:
            raise RuntimeError("the store is away")
        self.rounds.append(call)
        return self.steps.get("waiting", Step("wait", say("you are the first")))

    def keyed(self, call: str, keys: str) -> Step:
        self.keys.append(keys)
        return self.steps.get(keys, Step("wait"))

    def left(self, call: str) -> Step:
        return self.steps.get("left", Step("end"))

    def hung_up(self, call: str) -> None:
        self.over.append(call)

    def whisper(self, ticket: str) -> tuple[Sentence, ...]:
        return say(f"whisper {ticket}")

    def answered(self, ticket: str, leg: str, accepted: bool) -> Seat | None:
        self.answers.append((ticket, accepted))
        return self.seats.get(ticket) if accepted else None

    def leg(self, event: LegEvent) -> None:
        self.legs.append(event)

    def room(self, event: RoomEvent) -> None:
        self.events.append(event)

    def ended(self, ticket: str) -> str:
        """Why the leg of a ticket ended; "" while it has not."""
        return next((e.why for e in self.legs if e.ticket == ticket and e.state == "ended"), "")
