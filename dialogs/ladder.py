"""The ladder: what happens when nothing was said or nothing understood: a shorter question, the keypad, an agent."""

from __future__ import annotations

from dialogs.effects import Record
from dialogs.walk import Walk


def miss(walk: Walk, sorry: str) -> None:
    """One silence or misunderstanding more: say `sorry` and take the next rung; after the last one, an agent."""
    node = walk.node
    walk.change(misses=walk.state.misses + 1, total_misses=walk.state.total_misses + 1, doubt=None)
    too_many = walk.state.total_misses > walk.flow.limits.misses
    if walk.state.misses > len(node.rungs) and node.last and not too_many:
        walk.go(node.last)
        return
    if walk.state.misses > len(node.rungs) or too_many:
        walk.fill({"reason": "ladder"})
        walk.go(walk.flow.graph.commands["agent"])
        return
    walk.say(sorry)
    again(walk, node.rungs[walk.state.misses - 1])


def again(walk: Walk, rung: str) -> None:
    """Ask the same question once more: `again` (shorter, with an example) or `keypad` (the keys read out)."""
    node = walk.node
    if node.kind == "record":
        walk.lines(node.again)
        walk.effects.append(Record(node.id, walk.flow.limits.note_s))
        return
    if node.keypad and (rung == "keypad" or not walk.state.speech):
        walk.announce()
    else:
        walk.lines(node.again or node.say)
        if node.announce:
            walk.announce(lines=False)
    walk.listen()
