"""The check of a flow: everything that would leave a caller stuck, found before a call is made."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from dialogs.conditions import ConditionError, holds
from dialogs.flow import Graph, Node

ANSWERS = ("yes", "no", "none", "next", "fix", "items", "elsewhere", "any", "repeat")
TAKEN_KEYS = ("0", "9", "*", "#")
OPTIONS = {"": (), "cities": ("menu.city",), "groups": (), "services": ("menu.service",), "among": ("menu.city",),
           "offers": ("menu.offer",), "areas": ("menu.area",)}  # fmt: skip
EXPECTS = ("intent", "service", "city", "date", "slot", "yesno", "confirm", "digits", "rating", "language", "complaint",
           "area", "text", "about", "cancel")  # fmt: skip
CALL_PROMPTS = ("filler.wait",)  # said around the conversation
DESK_PROMPTS = ("desk.", "call_back.", "whisper.", "topic.")  # ... and while it waits for an agent
ENGINE_PROMPTS = (
    "miss.sorry miss.again day.past silence.sorry keys.sorry commands.help language.hne resume.sorry resume.back "
    "menu.more doubt.right doubt.service doubt.city doubt.date doubt.time doubt.daypart doubt.digits "
    "doubt.area doubt.rating doubt.complaint doubt.choice doubt.none "
    "doubt.yesno.yes doubt.yesno.no doubt.language.hi doubt.language.en doubt.language.hne"
).split()


def check(graph: Graph, prompt_keys: Collection[str] | None = None) -> list[str]:
    """All that is wrong with `graph`, as sentences naming the node; empty when it is sound.

    With `prompt_keys` also every prompt that the flow says and that does not exist.
    """
    return [*_targets(graph), *_reached(graph), *_questions(graph), *_conditions(graph), *_circles(graph),
            *(_prompts(graph, prompt_keys) if prompt_keys is not None else ())]  # fmt: skip


def _entries(graph: Graph) -> Iterator[str]:
    yield graph.start
    for ways in (graph.commands, graph.intents, graph.events):
        yield from ways.values()


def _targets(graph: Graph) -> Iterator[str]:
    for target in _entries(graph):
        if target not in graph.nodes:
            yield f"start, commands, intents or events lead to {target!r}, which does not exist"
    for node in graph.nodes.values():
        for target in node.targets():
            if target not in graph.nodes:
                yield f"{node.id}: leads to {target!r}, which does not exist"
        if not any(True for _ in node.targets()) and node.kind != "end":
            yield f"{node.id}: has no way out; add `next`"
    for command in ("agent", "goodbye", "restart"):
        if command not in graph.commands:
            yield f"commands: {command!r} is missing; a caller must be able to say it anywhere"


def _reached(graph: Graph) -> Iterator[str]:
    seen: set[str] = set()
    queue = [t for t in _entries(graph) if t in graph.nodes]
    while queue:
        name = queue.pop()
        if name not in seen:
            seen.add(name)
            queue += [t for t in graph.nodes[name].targets() if t in graph.nodes]
    yield from (f"{name}: nobody reaches it" for name in graph.nodes if name not in seen)


def _questions(graph: Graph) -> Iterator[str]:
    for node in graph.nodes.values():
        if node.kind == "ask":
            yield from _question(node)
        if node.kind in ("ask", "record"):
            if not node.again:
                yield f"{node.id}: no `again`; say what is asked after silence or a misunderstanding"
            if node.kind == "record" and not node.fills:
                yield f"{node.id}: a recording needs `record: ITEM`"
        if node.kind == "do" and "error" not in node.on:
            yield f"{node.id}: no way for the outcome `error`"
        if node.kind == "say" and (not node.ways or node.ways[-1].when):
            yield f"{node.id}: the last `next` must be unconditional"


def _question(node: Node) -> Iterator[str]:
    if node.expect not in EXPECTS:
        yield f"{node.id}: asks for {node.expect!r}; known are {', '.join(EXPECTS)}"
    if not node.ways:
        yield f"{node.id}: no `next` for an answer"
    if node.options not in OPTIONS:
        yield f"{node.id}: unknown options {node.options!r}"
    if "keypad" in node.rungs and not node.keypad:
        yield f"{node.id}: no `keypad` prompt for who cannot be understood"
    if not (node.keys or node.options or node.expect == "digits"):
        yield f"{node.id}: cannot be answered by keys"
    for key in node.keys:
        if key in TAKEN_KEYS:
            yield f"{node.id}: the key {key} has two meanings; 0, 9, * and # hold everywhere"
        if len(key) != 1:
            yield f"{node.id}: {key!r} is not one key"
    if node.options and set(node.keys) & set("1237"[: 3 if node.options == "offers" else 4]):
        yield f"{node.id}: a key stands both in `keys` and in the list of {node.options}"
    yield from (f"{node.id}: unknown answer {a!r} in `on`" for a in node.on if a not in ANSWERS)


def _conditions(graph: Graph) -> Iterator[str]:
    for node in graph.nodes.values():
        for when in [w.when for w in node.ways] + [line.when for line in node.lines()]:
            try:
                holds(when, {})
            except ConditionError as error:
                yield f"{node.id}: {error}"


def _circles(graph: Graph) -> Iterator[str]:
    """Nodes that lead back to themselves with no question or operation between, and by unconditional ways only."""
    for start in graph.nodes.values():
        node, hops = start, 0
        while (
            node.kind == "say" and len(node.ways) == 1 and node.ways[0].to in graph.nodes and hops <= len(graph.nodes)
        ):
            node, hops = graph.nodes[node.ways[0].to], hops + 1
        if hops > len(graph.nodes):
            yield f"{start.id}: goes in a circle without a question"


def used_prompts(graph: Graph) -> dict[str, str]:
    """Every prompt key that the flow and the engine may say, with the node that says it."""
    used = dict.fromkeys(ENGINE_PROMPTS, "engine")
    used.update({g.label: "groups" for g in graph.groups})
    for name in (*graph.intents, *graph.commands):
        used[f"doubt.intent.{name}"] = "engine"
    for name in graph.fixes:
        used[f"doubt.fix.{name}"] = "engine"
    for node in graph.nodes.values():
        used.update({line.key: node.id for line in node.lines()})
        used.update(dict.fromkeys(OPTIONS.get(node.options, ()), node.id))
    return used


def _prompts(graph: Graph, prompt_keys: Collection[str]) -> Iterator[str]:
    used: Mapping[str, str] = used_prompts(graph) | dict.fromkeys(CALL_PROMPTS, "a call")
    for key, where in used.items():
        if key not in prompt_keys:
            yield f"{where}: says {key!r}, which stands in no file of the prompts"
    # Said by value, or outside the flow.
    free = ("document.", "department.", "kind.", "ground.", "notice.", "busy.", "trouble.wait", *DESK_PROMPTS)
    for key in prompt_keys:
        if key not in used and not key.startswith(free):
            yield f"the prompts: nobody says {key!r}"
