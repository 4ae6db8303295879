"""What can happen in a conversation. Every event carries `now` (aware, Asia/Kolkata); the engine has no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dialogs.understand.meaning import Hearing


@dataclass(frozen=True)
class Started:
    """A conversation begins.

    `caller` is the caller's number as `+91…` or None when withheld; `mobile` its ten digits if it is an Indian mobile.
    `language` is what this caller used last time. `resume` is the filled items of a conversation cut off within the
    resume window, or None. `freed` is the seat that is held for this caller of the waiting list, or None.
    `speech` False: nothing can be recognised, the call goes by keys alone.
    """

    now: datetime
    caller: str | None = None
    mobile: str | None = None
    language: str | None = None
    resume: Mapping[str, Any] | None = None
    freed: Mapping[str, Any] | None = None
    speech: bool = True


@dataclass(frozen=True)
class Resumed:
    """The same call is connected again: its socket or process was lost, or the agent did not answer."""

    now: datetime
    speech: bool = True


@dataclass(frozen=True)
class Heard:
    """The caller said something: the hypotheses, best first; one a language when both recognisers listened."""

    now: datetime
    hearings: tuple[Hearing, ...]


@dataclass(frozen=True)
class Keyed:
    """Keys were pressed: one key at a menu, the whole string (without the closing #) where digits are asked."""

    now: datetime
    keys: str


@dataclass(frozen=True)
class Silent:
    """Nothing was said or keyed within the time limit of the question."""

    now: datetime


@dataclass(frozen=True)
class Recorded:
    """A voice note was stored under the id `note`; `seconds` is the length of speech in it (0 when only silence)."""

    now: datetime
    note: str
    seconds: float


@dataclass(frozen=True)
class Result:
    """An operation of a `Do` effect came back: its `outcome` name and plain JSON `data`."""

    now: datetime
    op: str
    outcome: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HungUp:
    """The caller is gone."""

    now: datetime


Event = Started | Resumed | Heard | Keyed | Silent | Recorded | Result | HungUp
