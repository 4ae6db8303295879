"""Keypad menus: which keys a question has now, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialogs.flow import Flow, Node
from dialogs.state import State

PAGE = 7  # options on keys 1-7 of a page; 8 is "more"; 9, 0 and * are repeat, agent and back everywhere
MORE = "8"


@dataclass(frozen=True)
class Option:
    """One choice of a menu: the prompt that offers it (with its value) and the answer it gives."""

    prompt: str
    value: Any
    answer: Mapping[str, Any]


def among(flow: Flow, node: Node, state: State) -> tuple[str, ...]:
    """The ids that a "which one?" question chooses among; empty for other questions."""
    match node.options:
        case "services":
            return tuple(state.filled.get("services") or ())
        case "among":
            return tuple(state.filled.get("among_cities") or ())
        case "areas":
            city = flow.catalogue.city.get(str(state.filled.get("city")))
            return tuple(a.id for a in city.areas) if city else ()
    return ()


def options(flow: Flow, node: Node, state: State, now: datetime) -> list[Option]:
    """All options of a question that takes its keys from a list, in order; empty for fixed keys."""
    match node.options:
        case "cities":
            return [Option("menu.city", c.id, {"city": [c.id]}) for c in flow.catalogue.cities]
        case "offers":
            return [Option("menu.offer", o, {"choice": i}) for i, o in enumerate(state.offers, 1)]
        case "services":
            return [Option("menu.service", s, {"service": [s]}) for s in among(flow, node, state)]
        case "among":
            return [Option("menu.city", c, {"city": [c]}) for c in among(flow, node, state)]
        case "areas":
            return [Option("menu.area", a, {"area": a}) for a in among(flow, node, state)]
        case "groups":
            return _groups(flow, now)
    return []


def _groups(flow: Flow, now: datetime) -> list[Option]:
    open_ids = [s.id for s in flow.catalogue.services if s.open_on(now.date())]
    placed = {s for g in flow.graph.groups for s in g.services}
    out = []
    for i, group in enumerate(flow.graph.groups):
        last = i == len(flow.graph.groups) - 1
        ids = [s for s in open_ids if s in group.services or (last and s not in placed)]
        if ids:
            out.append(Option(group.label, None, {"service": ids}))
    return out


def page(found: list[Option], number: int) -> list[Option]:
    """The options on page `number` (from 0, going round)."""
    pages = max(1, -(-len(found) // PAGE))
    start = (number % pages) * PAGE
    return found[start : start + PAGE]


def answer(flow: Flow, node: Node, state: State, key: str, now: datetime) -> Mapping[str, Any] | None:
    """What `key` means at `node` now; None when nothing."""
    if key in node.keys:
        return node.keys[key]
    shown = page(options(flow, node, state, now), state.page)
    if key.isdecimal() and 1 <= int(key) <= len(shown):
        return shown[int(key) - 1].answer
    return None
