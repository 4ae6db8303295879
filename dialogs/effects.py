"""What the dialog wants done. Effects are plain data; the loop in `ivr/conversation.py` carries them out in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Say:
    """Say the prompt `key` with `values` (plain JSON; the text's placeholders name their spoken form) in `language`."""

    key: str
    language: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """Wait for an answer.

    `expect` is the kind of answer (see `understand.meaning.Expect`). `keypad` is "menu" (each key is an answer) or
    "digits" (a string of `length` digits, # ends it, * goes back; `length` None: any). `barge_in` False: the prompt is
    heard to its end. `offers` (ISO local times) and `among` (ids) are passed on to understanding and the grammar.
    `languages` are those listened in (both in the first turn). `node` names the question. `open` marks a question whose
    answer no grammar can list (free decoding). `also` is a second kind of answer that is listened for.
    """

    node: str
    expect: str
    languages: tuple[str, ...]
    keypad: Literal["menu", "digits"] = "menu"
    length: int | None = None
    barge_in: bool = True
    offers: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    open: bool = False
    also: str = ""


@dataclass(frozen=True)
class Record:
    """Record a voice note of at most `seconds`, ended by silence or #; comes back as `Recorded`."""

    node: str
    seconds: int = 30


@dataclass(frozen=True)
class Do:
    """Carry out the named operation; its `Result` comes back as the next event."""

    op: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Handoff:
    """Hand the call to a human agent once everything said has been heard."""

    reason: str


@dataclass(frozen=True)
class HangUp:
    """End the call once everything said has been heard."""


Effect = Say | Ask | Record | Do | Handoff | HangUp
