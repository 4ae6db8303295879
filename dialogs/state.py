"""The state of a conversation: a frozen value that goes to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class State:
    """Where a conversation stands.

    `node` is the question (or operation) it waits at; `language` what it speaks. `caller` is the number as `+91…`,
    `mobile` its ten digits when it is an Indian mobile. `filled` holds the items known so far (plain JSON), `offers`
    the slots just offered (ISO local times). `trail` is the questions answered, for "back". `misses` counts silences
    and misunderstandings at this question, `total_misses` in the whole conversation, `turns` every answer or silence.
    `announced` says that the keypad menu of this question has been read out, `page` which part of a long one.
    `doubt` is a meaning that was heard too badly to be taken without asking back.
    `ended` is None, "handoff" or "ended"; `outcome` says how ("booked", "goodbye", ...). `given_back`: an agent
    has given the caller back and the bot has not spoken since.
    """

    conversation: str = ""
    node: str = ""
    language: str = "hi"
    caller: str | None = None
    mobile: str | None = None
    speech: bool = True
    filled: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    misses: int = 0
    total_misses: int = 0
    turns: int = 0
    announced: bool = False
    page: int = 0
    doubt: Mapping[str, Any] | None = None
    ended: str | None = None
    outcome: str | None = None
    given_back: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        """The state of `to_json`; unknown keys of a newer version are ignored, missing ones take their default."""
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known}
        return cls(**values)
