"""Call scripts: whole conversations as YAML, for tests and `python app.py call --script`. Pure.

    name: A birth certificate, all in one sentence
    caller: "+919826401715"           # default; empty: withheld
    now: 2026-11-20T10:00+05:30       # the clock is pinned here; without it the real time
    language: hi                      # of the spoken turns
    agent: no-answer                  # the agents' desk: no-answer (default), busy, completed
    setup:                            # named situations made before the call
      full: [{city: raipur, date: 2026-11-22}]
    turns:                            # each has one act and may have `hears`
      - hears: मितान                    # pattern(s) found in what the bot has said since the last turn
        say: कल सुबह रायपुर में जन्म प्रमाण पत्र
      - keys: 9826401715#
      - silence: true
        meanwhile: {full: [{city: raipur, date: 2026-11-22}]}  # a situation made just before the act
    expect:
      hears: धन्यवाद                    # ... since the last turn
      outcome: booked                 # the conversation's outcome in the store
      bookings: 1                     # made in this conversation
      callbacks: 0                    # promised in this conversation
      found: [{table: complaints, kind: bribe, count: 1}]  # rows of the store (ivr/commands/call_found.py)
      booking: {service: birth-certificate, city: raipur, starts_at: 2026-11-21T10:00, mobile: 9826401715, pin: 492001}

Acts: `say` (spoken words; on text they go straight into the conversation; at a voice note they are its words), `keys`
(where digits are asked the whole string, # ends it), `type` (typed words), `audio` (a WAV file beside the script; needs
a telephone), `wait` (seconds that pass before the next turn), `silence: true` (say nothing until the bot goes on),
`hang_up: true`. All values are text as written: nothing is taken for a number or a date. Times are in Asia/Kolkata.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from ivr.clock import ZONE

Act = Literal["say", "keys", "type", "audio", "wait", "silence", "hang_up"]
ACTS: tuple[Act, ...] = ("say", "keys", "type", "audio", "wait", "silence", "hang_up")
DEFAULT_CALLER = "+919826401715"
MAX_WAIT_S = 3600.0


class ScriptError(ValueError):
    """A script is not one. The message names the file, the line and the key."""


@dataclass(frozen=True)
class Turn:
    """One act of the caller; `value` is its words, keys, file or seconds. `line` is where it stands in the file."""

    act: Act
    value: str
    hears: tuple[str, ...] = ()
    line: int = 0
    meanwhile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Expect:
    """What must be so after the call; None: not asked."""

    hears: tuple[str, ...] = ()
    outcome: str | None = None
    bookings: int | None = None
    booking: Mapping[str, str] = field(default_factory=dict)
    callbacks: int | None = None
    found: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Script:
    """A whole call."""

    name: str
    turns: tuple[Turn, ...]
    language: str = "hi"
    caller: str = DEFAULT_CALLER
    now: datetime | None = None
    agent: str = "no-answer"
    setup: Mapping[str, Any] = field(default_factory=dict)
    expect: Expect = Expect()


def load(path: Path) -> Script:
    """The script in a file. Raises ScriptError, OSError."""
    return parse(path.read_text("utf-8"), path.name)


def parse(text: str, name: str = "script") -> Script:
    """The script in a YAML text; `name` is used in errors. Raises ScriptError."""
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ScriptError(f"{name}:{mark.line + 1 if mark else 1}: not YAML: {error}") from None
    return _Reader(name).script(root)


def missing(patterns: tuple[str, ...], heard: str) -> list[str]:
    """The patterns that are not found in what was heard."""
    text = unicodedata.normalize("NFC", heard)
    return [p for p in patterns if not re.search(unicodedata.normalize("NFC", p), text, re.IGNORECASE)]


def unmet(expect: Expect, outcome: str | None, bookings: list[dict[str, Any]], callbacks: int = 0) -> list[str]:
    """What is not as expected, one sentence each; `bookings` are JSON objects, of several the last counts. `callbacks`
    is how many were promised."""
    found = []
    if expect.outcome is not None and outcome != expect.outcome:
        found.append(f"outcome is {outcome}, expected {expect.outcome}")
    if expect.bookings is not None and len(bookings) != expect.bookings:
        found.append(f"{len(bookings)} bookings, expected {expect.bookings}")
    if expect.callbacks is not None and callbacks != expect.callbacks:
        found.append(f"{callbacks} callbacks, expected {expect.callbacks}")
    if expect.booking and not bookings:
        found.append("no booking was made")
        return found
    for key, want in expect.booking.items():
        got = bookings[-1].get(key)
        if not same(want, got):
            found.append(f"booking's {key} is {got}, expected {want}")
    return found


def same(want: str, got: object) -> bool:
    """Equal as text, or as moments: a time without zone is local."""
    if want == str(got):
        return True
    try:
        times = [datetime.fromisoformat(str(value)) for value in (want, got)]
    except ValueError:
        return False
    return len({t.replace(tzinfo=t.tzinfo or ZONE) for t in times}) == 1


class _Reader:
    """Reads nodes, so that every error has its line."""

    def __init__(self, name: str) -> None:
        self._name = name

    def script(self, root: yaml.Node | None) -> Script:
        keys = {"name", "caller", "now", "language", "agent", "setup", "turns", "expect"}
        parts = self._mapping(root, "script", keys)
        if "turns" not in parts:
            raise self._error(root, "script", "has no turns")
        language = self._choice(parts, "language", ("hi", "en"))
        return Script(
            name=self._text(parts["name"], "name") if "name" in parts else self._name,
            turns=tuple(self._turn(node) for node in self._list(parts["turns"], "turns")),
            language=language,
            caller=self._caller(parts.get("caller")),
            now=self._now(parts.get("now")),
            agent=self._choice(parts, "agent", ("no-answer", "busy", "completed")),
            setup=self._situations(parts.get("setup"), "setup"),
            expect=self._expect(parts.get("expect")),
        )

    def _turn(self, node: yaml.Node) -> Turn:
        parts = self._mapping(node, "turns", {"hears", "meanwhile", *ACTS})
        acts = [act for act in ACTS if act in parts]
        if len(acts) != 1:
            raise self._error(node, "turns", f"a turn has one act of {', '.join(ACTS)}; found {len(acts)}")
        act = acts[0]
        value = self._text(parts[act], act)
        self._check(act, value, parts[act])
        meanwhile = self._situations(parts.get("meanwhile"), "meanwhile")
        return Turn(act, value, self._patterns(parts.get("hears")), _line(node), meanwhile)

    def _situations(self, node: yaml.Node | None, key: str) -> dict[str, Any]:
        return {name: self._plain(value) for name, value in self._mapping(node, key).items()}

    def _check(self, act: Act, value: str, node: yaml.Node) -> None:
        if act in ("silence", "hang_up") and value != "true":
            raise self._error(node, act, "can only be true")
        if act == "keys" and not re.fullmatch(r"[0-9*#]+", value, re.ASCII):
            raise self._error(node, act, f"{value!r} has other keys than 0-9, * and #")
        if act == "wait" and not (re.fullmatch(r"\d+(\.\d+)?", value, re.ASCII) and float(value) <= MAX_WAIT_S):
            raise self._error(node, act, f"{value!r}: seconds from 0 to {MAX_WAIT_S:.0f}")
        if not value.strip():
            raise self._error(node, act, "is empty")

    def _expect(self, node: yaml.Node | None) -> Expect:
        parts = self._mapping(node, "expect", {"hears", "outcome", "bookings", "callbacks", "booking", "found"})
        booking = self._mapping(parts.get("booking"), "booking")
        return Expect(
            hears=self._patterns(parts.get("hears")),
            outcome=self._text(parts["outcome"], "outcome") if "outcome" in parts else None,
            bookings=self._count(parts, "bookings"),
            booking={key: self._text(value, key) for key, value in booking.items()},
            callbacks=self._count(parts, "callbacks"),
            found=tuple(self._row(row) for row in self._list(parts["found"], "found")) if "found" in parts else (),
        )

    def _row(self, node: yaml.Node) -> dict[str, str]:
        return {key: self._text(value, key) for key, value in self._mapping(node, "found").items()}

    def _count(self, parts: Mapping[str, yaml.Node], key: str) -> int | None:
        if key not in parts:
            return None
        text = self._text(parts[key], key)
        if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
            raise self._error(parts[key], key, f"{text!r} is no number")
        return int(text)

    def _patterns(self, node: yaml.Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        nodes = self._list(node, "hears") if isinstance(node, yaml.SequenceNode) else [node]
        patterns = tuple(self._text(n, "hears") for n in nodes)
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise self._error(node, "hears", f"{pattern!r} is no pattern: {error}") from None
        return patterns

    def _now(self, node: yaml.Node | None) -> datetime | None:
        if node is None:
            return None
        text = self._text(node, "now")
        try:
            now = datetime.fromisoformat(text)
        except ValueError:
            raise self._error(node, "now", f"{text!r} is no ISO time") from None
        return now.replace(tzinfo=now.tzinfo or ZONE)

    def _caller(self, node: yaml.Node | None) -> str:
        caller = DEFAULT_CALLER if node is None else self._text(node, "caller")
        if caller and not re.fullmatch(r"\+\d{8,15}", caller, re.ASCII):
            raise self._error(node, "caller", f"{caller!r}: + and 8 to 15 digits, or empty when withheld")
        return caller

    def _choice(self, parts: Mapping[str, yaml.Node], key: str, choices: tuple[str, ...]) -> str:
        if key not in parts:
            return choices[0]
        value = self._text(parts[key], key)
        if value not in choices:
            raise self._error(parts[key], key, f"{value!r} is none of {', '.join(choices)}")
        return value

    def _mapping(self, node: yaml.Node | None, key: str, keys: set[str] | None = None) -> dict[str, yaml.Node]:
        if node is None and key != "script":
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, key, "must be a mapping")
        parts: dict[str, yaml.Node] = {}
        for name, value in node.value:
            word = self._text(name, key)
            if keys is not None and word not in keys:
                raise self._error(name, word, f"unknown key; known are {', '.join(sorted(keys))}")
            if word in parts:
                raise self._error(name, word, "stands twice")
            parts[word] = value
        return parts

    def _list(self, node: yaml.Node, key: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self._error(node, key, "must be a list")
        return list(node.value)

    def _text(self, node: yaml.Node, key: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, key, "must be one value")
        return str(node.value)

    def _plain(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return {key: self._plain(value) for key, value in self._mapping(node, "setup").items()}
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(value) for value in node.value]
        return node.value

    def _error(self, node: yaml.Node | None, key: str, why: str) -> ScriptError:
        return ScriptError(f"{self._name}:{_line(node)}: {key}: {why}")


def _line(node: yaml.Node | None) -> int:
    return node.start_mark.line + 1 if node is not None else 1
