"""Commands that hold at every question: agent, repeat, back, help, restart, goodbye, another language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogs.ladder import again
from dialogs.menus import MORE, PAGE, options
from dialogs.walk import Walk

SPOKEN = ("agent", "repeat", "back", "help", "restart", "goodbye")
_NEED_ANNOUNCING = ("cities", "groups", "areas")  # long lists whose order nobody knows before it has been read out

_NARROWING = {"services": "service", "among": "city"}


def command(walk: Walk, found: Mapping[str, Any]) -> bool:
    """Carry out the command in `found`, if it is one; True when it was."""
    intent = found.get("intent")
    if intent in walk.node.on:
        return False
    if intent in SPOKEN:
        _carry_out(walk, str(intent))
        return True
    if set(found) == {"language"} and walk.node.expect != "language":
        walk.change(language="en" if found["language"] == "en" else "hi")
        walk.fill({"language_known": True})
        walk.go(walk.state.node)
        return True
    return False


def key_command(walk: Walk, keys: str) -> bool:
    """Carry out what the keys 0, 9, *, # and "more" mean at every menu; True when it was one of them."""
    node = walk.node
    simple = {"0": "agent", "9": "repeat", "*": "back"}.get(keys)
    if simple and keys not in node.keys:
        _carry_out(walk, simple)
        return True
    found = options(walk.flow, node, walk.state, walk.now)
    unread = node.options in _NEED_ANNOUNCING and not walk.state.announced
    if keys == MORE and len(found) > PAGE and walk.state.announced:
        walk.change(page=walk.state.page + 1)
    elif not (keys == "#" or (unread and keys not in node.keys)):
        return False
    again(walk, "keypad")
    return True


def _carry_out(walk: Walk, name: str) -> None:
    commands = walk.flow.graph.commands
    match name:
        case "repeat":
            _repeat(walk)
        case "back":
            _back(walk)
        case "help":
            walk.say("commands.help")
            again(walk, "again")
        case "restart":
            walk.go(commands["restart"])
        case "agent":
            walk.fill({"reason": "asked"})
            walk.go(commands["agent"])
        case _:
            walk.go(commands[name])


def _repeat(walk: Walk) -> None:
    node = walk.node
    if walk.state.announced:
        again(walk, "keypad")
    elif node.kind == "record":
        walk.go(node.id)
    else:
        walk.lines(node.repeat or node.say)
        if node.announce:
            walk.announce(lines=False)
        walk.listen()


def _back(walk: Walk) -> None:
    """To the question answered last, its answer forgotten; at the first question it is asked again."""
    if not walk.state.trail:
        _repeat(walk)
        return
    last = walk.flow.graph.nodes[walk.state.trail[-1]]
    walk.change(trail=walk.state.trail[:-1])
    if last.options in _NARROWING:  # what it chose among is gone: the wider question is asked instead
        walk.fill({last.fills: None, _NARROWING[last.options]: None})
        walk.go(walk.way(last))
        return
    if last.fills:
        walk.fill({last.fills: None})
    walk.go(last.id)
