"""A flow: the questions, operations and ways between them, as data from `flows/*.yaml`; all files are one graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from stdnum import verhoeff

from dialogs.catalogue import Catalogue
from dialogs.understand import Lexicon

FLOWS = Path(__file__).parent / "flows"
MAIN = "main.yaml"


class FlowError(ValueError):
    """A flow file cannot be read. The message names the file, the node and what is wrong."""


@dataclass(frozen=True)
class Line:
    """A prompt to say: its key, the condition under which it is said, and a language other than the caller's."""

    key: str
    when: str = ""
    language: str | None = None


@dataclass(frozen=True)
class Way:
    """Where to go, and when."""

    to: str
    when: str = ""


@dataclass(frozen=True)
class Node:
    """One node. Its `kind` is "say", "ask", "do", "record" or "end".

    A node first says `say`. Then:
    "say" goes the first of `ways` whose condition holds.
    "ask" waits for an answer of the kind `expect`; `also` is a second kind that is taken when the first is not
    understood. `fills` names the item it is for. Keys are read from `keys` (key to an answer such as {yesno: yes};
    {fill: {ITEM: VALUE}} fills items) or from the list `options` ("cities", "groups", "services", "areas", "among",
    "offers"). `on` sends answers such as yes, no, none or next their own way; others go the first of `ways`. `rungs` is
    the ladder of reprompts, after which the call goes to `last` or to an agent. `pattern` is what digits must match
    (with `check_digit` their last one fits the others), else `wrong` is said. `rename` gives items of an answer another
    name here, `fixes` says what a correction takes away here.
    "do" carries out the operation `op`; `on` has a way for every outcome.
    "record" takes a voice note into `fills`.
    "end" finishes: `end` is "handoff" or "ended", `outcome` says how.
    `fresh` makes a new beginning: nothing before it can be gone back to. `forget` names items that are dropped on
    entering; `set` those that are set (a value `$fact` is looked up; the name `*` fills all items of a mapping).
    """

    id: str
    kind: str
    say: tuple[Line, ...] = ()
    ways: tuple[Way, ...] = ()
    expect: str = ""
    fills: str = ""
    keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    options: str = ""
    announce: bool = False
    again: tuple[Line, ...] = ()
    keypad: tuple[Line, ...] = ()
    rungs: tuple[str, ...] = ("again", "keypad")
    last: str = ""
    repeat: tuple[Line, ...] = ()
    wrong: str = ""
    pattern: str = ""
    check_digit: bool = False
    rename: Mapping[str, str] = field(default_factory=dict)
    fixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    length: int | None = None
    parse: str = ""
    also: str = ""
    both: bool = False
    open: bool = False
    barge_in: bool = True
    on: Mapping[str, str] = field(default_factory=dict)
    op: str = ""
    end: str = ""
    outcome: str = ""
    forget: tuple[str, ...] = ()
    fresh: bool = False
    set: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, digits: str) -> bool:
        """Whether a digit string has the form that this question asks for."""
        if self.check_digit and not (digits.isascii() and digits.isdigit() and verhoeff.is_valid(digits)):
            return False
        return bool(re.fullmatch(self.pattern, digits)) if self.pattern else True

    def targets(self) -> Iterator[str]:
        """Every node that this one may go to."""
        yield from (w.to for w in self.ways)
        yield from self.on.values()
        yield from (self.last,) if self.last else ()
        yield from (str(answer["go"]) for answer in self.keys.values() if "go" in answer)

    def lines(self) -> Iterator[Line]:
        """Every prompt that this node may say."""
        for lines in (self.say, self.again, self.keypad, self.repeat):
            yield from lines
        if self.wrong:
            yield Line(self.wrong)


@dataclass(frozen=True)
class Group:
    """A heading of the service menu by keys: the prompt that names it and its services."""

    label: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """The parsed flow files. `commands` and `intents` say where those lead from any question, `events` likewise.
    `clears` names the items that lose their meaning when an item changes. `files` has the nodes of each file by the
    file's name without its ending, `main` first."""

    start: str
    nodes: Mapping[str, Node]
    commands: Mapping[str, str]
    intents: Mapping[str, str]
    events: Mapping[str, str]
    clears: Mapping[str, tuple[str, ...]]
    fixes: Mapping[str, tuple[str, ...]]
    groups: tuple[Group, ...]
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """Bounds of a conversation: `turns` and `misses` after which it goes to an agent; the word confidence below which a
    hearing is asked back (`doubtful`) or not taken at all (`floor`); the longest voice note, `note_s` seconds."""

    turns: int = 60
    misses: int = 9
    doubtful: float = 0.6
    floor: float = 0.3
    note_s: int = 30


@dataclass(frozen=True)
class Flow:
    """All that a step needs besides state and event: the graph, the catalogue, the lexicon, fixed facts of the scheme
    (brand, helpline, visit_fee, ...; plain JSON) and the limits."""

    graph: Graph
    catalogue: Catalogue
    lexicon: Lexicon
    facts: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = Limits()


class _Unique(yaml.SafeLoader):
    """YAML that refuses a key given twice (two meanings of one key are a mistake, not a choice) and in which only
    `true` and `false` are booleans, so that `on`, `yes` and `no` can be keys."""

    yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Unique.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _mapping(loader: _Unique, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise FlowError(f"{node.start_mark}: the key {key!r} stands here twice; keep one")
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_Unique.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(folder: Path = FLOWS) -> Graph:
    """The graph of the flow files of a folder: `main.yaml` and further nodes beside it. Raises FlowError."""
    data = dict(_read(folder / MAIN))
    nodes = dict(data["nodes"])
    files = {Path(MAIN).stem: tuple(map(str, nodes))}
    for path in sorted(folder.glob("*.yaml")):
        if path.name != MAIN:
            more = _read(path)
            nodes = _joined(nodes, more, path.name)
            files[path.stem] = tuple(map(str, more["nodes"]))
    return replace(parse({**data, "nodes": nodes}, folder.name), files=files)


def _joined(nodes: dict[Any, Any], more: Mapping[str, Any], name: str) -> dict[Any, Any]:
    if set(more) != {"nodes"}:
        raise FlowError(f"{name}: holds nodes only; everything else stands in {MAIN}")
    if twice := nodes.keys() & more["nodes"].keys():
        raise FlowError(f"{name}: {', '.join(sorted(map(str, twice)))}: stands in another file, too")
    return {**nodes, **more["nodes"]}


def _read(path: Path) -> Mapping[str, Any]:
    try:
        data = yaml.load(path.read_text("utf-8"), _Unique)
    except (OSError, yaml.YAMLError) as error:
        raise FlowError(f"{path.name}: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("nodes"), dict):
        raise FlowError(f"{path.name}: needs a mapping `nodes`")
    return data


def parse(data: Mapping[str, Any], name: str = "flow") -> Graph:
    """The graph of a parsed flow file. Raises FlowError naming the node."""
    try:
        nodes = {str(i): _node(str(i), n) for i, n in data["nodes"].items()}
        return Graph(
            start=data["start"],
            nodes=nodes,
            commands=data["commands"],
            intents=data["intents"],
            events=data.get("events", {}),
            clears={k: tuple(v) for k, v in data["clears"].items()},
            fixes={k: tuple(v) for k, v in data["fixes"].items()},
            groups=tuple(Group(g["label"], tuple(g["services"])) for g in data["groups"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise FlowError(f"{name}: {error!r}: a part is missing or of the wrong form") from None


_KINDS = {"ask": "expect", "do": "op", "record": "fills", "end": "end"}
_LINES = ("say", "again", "keypad", "repeat")
_PLAIN = frozenset(
    (
        "fills keys options announce wrong pattern check_digit rename length parse also last both open barge_in on "
        "outcome set fresh"
    ).split()
)


def _node(node_id: str, data: Mapping[str, Any]) -> Node:
    kind = next((k for k in _KINDS if k in data), "say")
    values: dict[str, Any] = {_KINDS[kind]: data[kind]} if kind != "say" else {}
    for key, value in data.items():
        if key in _LINES:
            values[key] = tuple(_line(x) for x in _list(value))
        elif key == "next":
            values["ways"] = tuple(_way(x) for x in _list(value))
        elif key in ("forget", "rungs"):
            values[key] = tuple(_list(value))
        elif key == "fixes":
            values[key] = {k: tuple(v) for k, v in value.items()}
        elif key in _PLAIN:
            values[key] = value
        elif key != kind:
            raise FlowError(f"node {node_id}: unknown key {key!r}")
    if "keys" in values:
        values["keys"] = {str(k): v for k, v in values["keys"].items()}
    if "on" in values:
        values["on"] = {str(k): v for k, v in values["on"].items()}
    return Node(id=node_id, kind=kind, **values)


def _list(value: Any) -> list[Any]:
    """A list of one or several; a list within it (an anchor used again) becomes part of it."""
    if not isinstance(value, list):
        return [value]
    return [x for item in value for x in _list(item)]


def _line(text: str) -> Line:
    """`key`, `key@en`, `key if CONDITION`."""
    key, _, when = text.partition(" if ")
    key, _, language = key.partition("@")
    return Line(key, when, language or None)


def _way(text: str) -> Way:
    """`node` or `node if CONDITION`."""
    to, _, when = text.partition(" if ")
    return Way(to, when)
