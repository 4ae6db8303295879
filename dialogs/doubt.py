"""Asking back: an answer heard with little confidence is named and confirmed, not assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogs.walk import Walk

HARMLESS = ("repeat", "back", "help")  # asking back would cost more than carrying them out
_FIELDS = ("service", "city", "date", "time", "daypart", "digits", "area", "rating")


def ask_back(walk: Walk, found: Mapping[str, Any]) -> bool:
    """Ask "did you say …?" about `found`; False when that is not worth it (then take it as it is)."""
    if found.get("intent") in HARMLESS or walk.node.kind != "ask" or set(found) == {"text"}:
        return False  # the caller's own words are no guess of ours, and they are read back
    walk.change(doubt=dict(found))
    for name, value in found.items():
        _name(walk, name, value)
    walk.say("doubt.right")
    walk.listen()
    return True


def _name(walk: Walk, name: str, value: Any) -> None:
    if name in _FIELDS:
        if isinstance(value, (list, tuple)):
            walk.say(f"doubt.{name}", **{name: list(value)})
        else:
            walk.say(f"doubt.{name}", **{name: [value] if name in ("service", "city") else value})
    elif name in ("yesno", "intent", "fix", "language"):
        walk.say(f"doubt.{name}.{value}")
    elif name == "complaint":
        walk.say("doubt.complaint", complaint=f"kind.{value}")
    elif name == "choice" and isinstance(value, int) and 1 <= value <= len(walk.state.offers):
        walk.say("doubt.choice", slot=walk.state.offers[value - 1])
    elif name == "choice":
        walk.say("doubt.none")
