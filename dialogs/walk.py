"""Walking the graph: enter a node, say what it says, and go on until the conversation has to wait or ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from dialogs.conditions import holds
from dialogs.effects import Ask, Do, Effect, Handoff, HangUp, Record, Say
from dialogs.facts import facts, merged
from dialogs.flow import Flow, FlowError, Line, Node
from dialogs.menus import MORE, PAGE, among, options, page
from dialogs.state import State

HOPS = 40  # nodes passed without waiting; more can only be a circle, which the flow's check refuses


class Walk:
    """One step under way: the state as it becomes and the effects so far. Lives for one `step` only."""

    def __init__(self, flow: Flow, state: State, now: datetime) -> None:
        self.flow = flow
        self.state = state
        self.now = now
        self.effects: list[Effect] = []

    @property
    def node(self) -> Node:
        """The node where the conversation stands."""
        return self.flow.graph.nodes[self.state.node]

    def facts(self) -> dict[str, Any]:
        """What prompts may mention now."""
        return facts(self.flow, self.state, self.now)

    def change(self, **values: Any) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **values)

    def fill(self, new: dict[str, Any]) -> None:
        """Fill items; None drops one."""
        self.change(filled=merged(self.state.filled, new, self.flow.graph.clears))

    def say(self, prompt: str, language: str | None = None, /, **values: Any) -> None:
        """Say one prompt."""
        self.effects.append(Say(prompt, language or self.state.language, {**self.facts(), **values}))

    def lines(self, lines: Iterable[Line]) -> None:
        """Say the lines whose condition holds."""
        known = self.facts()
        for line in lines:
            if holds(line.when, known):
                self.say(line.key, line.language)

    def go(self, target: str) -> None:
        """Enter `target` and go on until the conversation waits or ends."""
        for _ in range(HOPS):
            node = self.flow.graph.nodes[target]
            self._enter(node)
            if node.kind != "say":
                self._stop(node)
                return
            target = self.way(node)
        raise FlowError(f"{target}: {HOPS} nodes without a question; the flow goes in a circle")

    def way(self, node: Node) -> str:
        """The first way out of `node` whose condition holds."""
        known = self.facts()
        for way in node.ways:
            if holds(way.when, known):
                return way.to
        raise FlowError(f"{node.id}: no way out fits; end `next` with an unconditional one")

    def _enter(self, node: Node) -> None:
        known = self.facts()
        self.change(node=node.id, misses=0, announced=False, page=0, doubt=None)
        if node.fresh:
            self.change(trail=(), offers=())
        if node.forget:
            self.fill(dict.fromkeys(node.forget))
        for name, value in node.set.items():
            looked_up = known.get(value[1:]) if isinstance(value, str) and value.startswith("$") else value
            self.fill(dict(looked_up or {}) if name == "*" else {name: looked_up})
        if node.outcome and node.kind != "end":
            self.change(outcome=node.outcome)
        if not (self._by_keys(node) and node.expect == "digits"):
            self.lines(node.say)

    def _by_keys(self, node: Node) -> bool:
        """Whether the keys of a question are read out at once, because nothing can be heard."""
        return node.kind == "ask" and not self.state.speech and bool(node.keypad)

    def _stop(self, node: Node) -> None:
        match node.kind:
            case "ask":
                if node.announce or self._by_keys(node):
                    self.announce(lines=self._by_keys(node))
                self.listen()
            case "do":
                self.effects.append(Do(node.op, self._arguments()))
            case "record":
                self.effects.append(Record(node.id, self.flow.limits.note_s))
            case "end":
                self._end(node)

    def _arguments(self) -> dict[str, Any]:
        return {**self.state.filled, "language": self.state.language, "caller": self.state.caller}

    def _end(self, node: Node) -> None:
        self.change(ended=node.end, outcome=self.state.outcome or node.outcome)
        if node.end == "handoff":
            self.effects.append(Handoff(str(self.state.filled.get("reason", "asked"))))
        else:
            self.effects.append(HangUp())

    def announce(self, lines: bool = True) -> None:
        """Read out the keypad menu of the question: its lines, and the options of this page with their keys."""
        node = self.node
        self.change(announced=True)
        if lines:
            self.lines(node.keypad)
        found = options(self.flow, node, self.state, self.now)
        for key, option in enumerate(page(found, self.state.page), 1):
            kind = option.prompt.removeprefix("menu.")
            name = "when" if kind == "offer" else kind if kind in ("service", "city", "area") else None
            self.say(option.prompt, key=key, **({name: option.value} if name else {}))
        if len(found) > PAGE:
            self.say("menu.more", key=int(MORE))

    def listen(self) -> None:
        """Wait for an answer to the question."""
        node, doubt = self.node, self.state.doubt is not None
        languages = ("hi", "en") if node.both and self.state.speech else (self.state.language,)
        self.effects.append(
            Ask(
                node=node.id,
                expect="yesno" if doubt else node.expect,
                languages=languages,
                keypad="digits" if node.expect == "digits" and not doubt else "menu",
                length=None if doubt else node.length,
                barge_in=node.barge_in,
                offers=self.state.offers if node.expect == "slot" and not doubt else (),
                among=among(self.flow, node, self.state),
                open=node.open,
                also="" if doubt else node.also,
            )
        )
