"""The seam between the agents' queue and a carrier: what the queue asks for, what it answers, what it is told.

A call and a leg (the call to an agent's telephone) are known by the carrier's id, a room by a name that the queue gives
it, an offer of a call to an agent by a ticket of the queue's. Nothing here knows of a vendor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from prompts.sentence import Sentence

Way = Literal["wait", "bot", "end"]
Part = Literal["listen", "whisper", "join"]
Why = Literal["", "completed", "busy", "no-answer", "failed", "canceled"]
Kind = Literal["began", "ended", "entered", "left", "held", "resumed", "muted", "unmuted", "changed"]

NAME = re.compile(r"[A-Za-z0-9_]{1,120}", re.ASCII)  # what carriers take for the name of a browser telephone
WAITS = "wait_"
WAITING = re.compile(rf"{WAITS}([1-9]\d{{7,14}})_([0-9a-f]{{32}})", re.ASCII)


class BridgeFailed(Exception):  # noqa: N818
    """The carrier did not do it. `permanent` True: doing it again is useless, the call or room is gone or was never
    there; else it may be tried again."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


@dataclass(frozen=True)
class Step:
    """What a caller's call does next, after `say`: wait with music, go back to the bot, or end. Who waits may press
    `keys` keys; fewer of several come when the caller pauses."""

    way: Way
    say: tuple[Sentence, ...] = ()
    keys: int = 1


@dataclass(frozen=True)
class Seat:
    """A leg's place in a room: heard by all ("join"), by nobody ("listen"), or by the leg `coached` ("whisper").
    `ends`: the room ends when it leaves (a citizen who was called)."""

    room: str
    part: Part = "join"
    coached: str = ""
    ends: bool = False


@dataclass(frozen=True)
class Ring:
    """A telephone to be called: `to` is "+91…" or "client:name". With `asks` its owner hears the whisper and presses 1;
    without, whoever takes the receiver up has accepted."""

    ticket: str
    to: str
    seconds: int = 20
    asks: bool = True


@dataclass(frozen=True)
class LegEvent:
    """A leg has come to a new state; `why` and the `seconds` talked belong to "ended". A refusal by key ends as
    "completed" after `Desk.answered(…, accepted=False)`. It has not `rang` when the telephone was surely occupied."""

    ticket: str
    leg: str
    state: Literal["calling", "ringing", "answered", "ended"]
    why: Why = ""
    seconds: int = 0
    rang: bool = True


@dataclass(frozen=True)
class RoomEvent:
    """Something happened in a room; `call` is the call or leg that it happened to ("" when it is about the room).
    Events may arrive twice or out of order."""

    room: str
    kind: Kind
    call: str = ""
    muted: bool = False
    held: bool = False


@dataclass(frozen=True)
class Member:
    """Who is in a room now."""

    call: str
    muted: bool
    held: bool
    whispers: bool


@dataclass(frozen=True)
class BrowserPhone:
    """How a telephone in a page reaches the carrier: with the carrier's own `sdk`, or over a line of the exchange at
    `host` (ws://…; "": at this server). `hosts` are those that such a page may connect to besides us; `works` is False
    where no token can be signed."""

    sdk: bool = False
    host: str = ""
    hosts: tuple[str, ...] = ()
    works: bool = True


def address(name: str) -> str:
    """Where the browser telephone of an agent is called. Raises ValueError: a name has letters, digits and _ only."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a telephone: letters, digits and _ only, at most 120")
    return f"client:{name}"


def waiting_name(number: str, browser: str) -> str:
    """The name in the token of a citizen's browser that waits to be called under a number (+91…); `browser` is its own
    secret, so that nobody else waits there meanwhile. Raises ValueError."""
    name = f"{WAITS}{number.removeprefix('+')}_{browser}"
    if not WAITING.fullmatch(name):
        raise ValueError("a wait has a number (+91…) and a browser's secret of 32 hexadecimal digits")
    return name


def waiting_as(name: str) -> tuple[str, str]:
    """Number and browser of a name that `waiting_name` made; empty: it is another name."""
    found = WAITING.fullmatch(name)
    return (f"+{found[1]}", found[2]) if found else ("", "")


class Desk(Protocol):
    """The queue, as a carrier asks it. Every method may block and is called from HTTP threads."""

    def takes(self, call: str) -> bool:
        """Whether a call whose conversation was handed over waits here; False: the agents' number is dialled."""

    def returns(self, call: str) -> bool:
        """Whether a new call goes straight to the place in the line that it has kept over a broken line."""

    def overloaded(self, call: str) -> tuple[Sentence, ...] | None:
        """What an opened call hears for which the bot has no room and which waits here from now on; None: nobody would
        answer it soon."""

    def waiting(self, call: str) -> Step:
        """The next round of waiting (about half a minute): what is announced, or that the wait is over."""

    def keyed(self, call: str, keys: str) -> Step:
        """The waiting caller pressed a key."""

    def left(self, call: str) -> Step:
        """The caller's part in a room is over, and the call is still up."""

    def hung_up(self, call: str) -> None:
        """A call is over, whatever it was doing; may be told more than once."""

    def whisper(self, ticket: str) -> tuple[Sentence, ...]:
        """What the agent hears before the question: about whom the call is, and to press 1."""

    def answered(self, ticket: str, leg: str, accepted: bool) -> Seat | None:
        """The agent accepted, or did not; where the leg goes (None: it is hung up, as when the caller is gone)."""

    def leg(self, event: LegEvent) -> None:
        """How a leg stands."""

    def room(self, event: RoomEvent) -> None:
        """What happened in a room."""


class Bridge(Protocol):
    """The carrier, as the queue uses it. Every method blocks and raises BridgeFailed."""

    def wait(self, call: str) -> None:
        """Let the caller wait: `Desk.waiting` is asked for what is heard."""

    def ring(self, ring: Ring) -> str:
        """Call an agent's telephone; its leg. An agent is added to a room, a call is passed on, and a supervisor comes
        to it in the same way: `Desk.answered` names the room."""

    def join(self, call: str, room: str) -> None:
        """Bring the caller into a room. The room ends when the caller leaves it."""

    def back(self, call: str) -> None:
        """Let the caller's conversation with the bot go on (see `Reception.given_back`)."""

    def hold(self, room: str, call: str, *, on: bool) -> None:
        """Hold somebody with music, or end that."""

    def mute(self, room: str, call: str, *, on: bool) -> None:
        """Let somebody not be heard, or be heard again."""

    def seat(self, seat: Seat, leg: str) -> None:
        """Change the part of a leg that is in the room: listen, whisper, join."""

    def remove(self, room: str, call: str) -> None:
        """Take somebody out of a room; a caller goes on with what `Desk.left` says, a leg is hung up."""

    def announce(self, room: str, call: str, sentence: Sentence) -> None:
        """Let one in a room hear a sentence."""

    def members(self, room: str) -> tuple[Member, ...]:
        """Who is in a room; () when there is no such room."""

    def end(self, room: str) -> None:
        """End a room for all; without one it does nothing."""

    def hang_up(self, call: str) -> None:
        """End a call or leg, also one that still rings; one that is over stays so."""

    def token(self, name: str) -> str:
        """The access token of an agent's browser telephone, good for an hour; "" where the carrier offers none."""
