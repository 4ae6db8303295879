"""What a flow still needs for what the caller wants, for the agent who finishes it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from dialogs.conditions import holds
from dialogs.facts import facts
from dialogs.flow import Flow, Node, Way
from dialogs.state import State

ROUTER = "book"  # where every answer leads back to: its ways say what is asked next
TASK = "task is "  # the ways of the router that lead to another matter's own router

# What somebody wants to book has begun to say. With nothing of it, and no matter named, the wish itself is missing.
BOOKING = ("service", "services", "closed", "city", "among_cities", "date", "slot", "note", "pin")
INFORMATION = "service_info"

# Matters that begin with a booking, complaint or appeal of the caller's and have no router.
RECORD = "record"
OF_A_RECORD: Mapping[str, tuple[str, ...]] = {
    "track": (),
    "cancel": (),
    "executive": (),
    "appeal": ("what_note",),
    "feedback": ("rating",),
}
INSTEAD: Mapping[str, str] = {"what_note": "what_later"}  # set when the caller could not say it

# Several questions are about one item. A day alone is none: it is chosen with the time.
ABOUT: Mapping[str, str] = {
    "services": "service", "among_cities": "city", "date": "slot", "asked_number": RECORD,
    "find_slots": "slot", "find_mine": RECORD,
}  # fmt: skip
WISH = "wish"
ANY_DAY = datetime.min.replace(tzinfo=UTC)  # no way asks what day it is
ITEMS = tuple(
    "wish record service city area slot note pin mobile complaint about place what_note rating".split()
)  # everything that can be missing


def missing(flow: Flow, state: State) -> tuple[str, ...]:
    """The items (see ITEMS) that are still to be asked for, in the order of the flow; () when nothing is."""
    filled = state.filled
    task = str(filled.get("task") or "")
    if task in OF_A_RECORD:
        return tuple(_of_a_record(task, filled))
    begun = any(filled.get(item) for item in BOOKING)
    if not (task or filled.get("intent") or begun):
        return (WISH,)
    known = facts(flow, state, ANY_DAY)
    only_asks = filled.get("intent") == INFORMATION and not (task or set(BOOKING[3:]) & filled.keys())
    router = flow.graph.intents[INFORMATION] if only_asks else ROUTER
    return tuple(dict.fromkeys(_open(flow, flow.graph.nodes[router], known)))


def _of_a_record(task: str, filled: Mapping[str, Any]) -> Iterator[str]:
    if not filled.get("records"):
        yield RECORD
    for item in OF_A_RECORD[task]:
        if not (filled.get(item) or filled.get(INSTEAD.get(item, ""))):
            yield item


def _open(flow: Flow, router: Node, known: Mapping[str, Any]) -> Iterator[str]:
    """The items of the router's ways that are open; its last way is the read-back, or the end."""
    for way in router.ways:
        if way.when and holds(way.when, known):
            if way.when.startswith(TASK):
                yield from _open(flow, flow.graph.nodes[way.to], known)
                return
            yield from _item(flow, way)


def _item(flow: Flow, way: Way) -> Iterator[str]:
    target = flow.graph.nodes[way.to]
    item = target.fills or target.op or ("service" if "has closed" in way.when else "")
    if (named := ABOUT.get(item, item)) in ITEMS:
        yield named
