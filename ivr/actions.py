"""What a conversation tells a channel to do: text to be said, how to listen, how to end.

A channel (a live call with audio, the keypad-only webhooks, a text client) carries actions out in order. Nothing here
knows of audio formats or vendors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from prompts.sentence import Sentence


@dataclass(frozen=True)
class Speak:
    """Say these sentences of the prompt `key`, in order."""

    key: str
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """All sentences as one text."""
        return " ".join(s.text for s in self.sentences)


@dataclass(frozen=True)
class Listen:
    """Wait for one answer.

    `grammar` has the phrases per language the recogniser may expect; a missing language or `free` asks for free
    decoding in it. `expect` is the kind of question (end-of-turn timing depends on it). `keypad` and `length` as in
    `dialogs.effects.Ask`. `silence_s` is how long to wait for the caller to begin, in seconds after the prompt's end.
    `turn` is the number of this turn, by which a webhook that comes twice is known.
    """

    node: str
    expect: str
    languages: tuple[str, ...]
    grammar: tuple[tuple[str, tuple[str, ...]], ...] = ()
    free: bool = False
    keypad: Literal["menu", "digits"] = "menu"
    length: int | None = None
    barge_in: bool = True
    silence_s: float = 6.0
    turn: int | None = None


@dataclass(frozen=True)
class RecordNote:
    """Record a voice note of at most `seconds` s; ended by # or by silence."""

    node: str
    seconds: int
    turn: int | None = None


@dataclass(frozen=True)
class Transfer:
    """After everything said has been heard, leave the call to the carrier, which dials the agent."""

    reason: str


@dataclass(frozen=True)
class End:
    """After everything said has been heard, hang up."""


Action = Speak | Listen | RecordNote | Transfer | End
