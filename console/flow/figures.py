"""The numbers of each node of the flow in a period, from the moves between them; counted once for all who look."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy.orm import Session

from booking.questions import Counted, Move, Span, count
from dialogs.flow import Graph

GOOD_FOR = timedelta(seconds=20)
KEPT = 20  # periods
ANSWERED = ("ask", "record")  # kinds of nodes at which callers answer


@dataclass(frozen=True)
class Numbers:
    """Of a node: visits, those with an answer, understood by the first one, reprompted, hung up at, and followed by an
    agent or the promise of one; `onward` how many went on to which node."""

    visits: int = 0
    answered: int = 0
    understood: int = 0
    again: int = 0
    left: int = 0
    handed: int = 0
    onward: Mapping[str, int] = field(default_factory=dict)

    def part(self, name: str) -> float | None:
        """Of the visits, the part of a number; of those with an answer where it is about answers. None: of none."""
        of = self.answered if name in ("understood", "again") else self.visits
        return getattr(self, name) / of if of else None


@dataclass(frozen=True)
class Figures:
    """The numbers by node; how many conversations they are from, of how many in the period; when that was."""

    at: datetime
    nodes: Mapping[str, Numbers]
    conversations: int
    of: int


def agents(graph: Graph) -> frozenset[str]:
    """Where a caller who is handed over comes to: an agent, or the question after a call was promised."""
    found, seen, ahead = set(), set(), [graph.commands["agent"]]
    while ahead:
        node = graph.nodes[ahead.pop()]
        if node.id in seen:
            continue
        seen.add(node.id)
        if node.kind in ANSWERED or node.end == "handoff":
            found.add(node.id)
        elif node.kind != "end":
            ahead += node.targets()
    return frozenset(found)


def summed(moves: Iterable[Move], handed: frozenset[str]) -> dict[str, Numbers]:
    """The numbers by node; `handed` are the nodes of `agents`."""
    found: dict[str, Numbers] = {}
    for move in moves:
        was = found.get(move.node, Numbers())
        to_agent = move.visits if move.next in handed and move.node not in handed else 0
        onward = {**was.onward, **({move.next: move.visits} if move.next else {})}
        found[move.node] = Numbers(
            was.visits + move.visits, was.answered + move.answered, was.understood + move.understood,
            was.again + move.again, was.left + move.left, was.handed + to_agent,
            dict(sorted(onward.items(), key=lambda item: -item[1])),
        )  # fmt: skip
    return found


class Counter:
    """Thread-safe. Numbers that were counted in the last seconds are not counted anew; who asks meanwhile waits."""

    def __init__(self, graph: Graph) -> None:
        self._handed = agents(graph)
        self._ends = [node.id for node in graph.nodes.values() if node.kind == "end"]
        self._known: OrderedDict[Span, Figures] = OrderedDict()
        self._lock = Lock()

    def of(self, session: Session, now: datetime, span: Span) -> Figures:
        """The figures of a span, at most some seconds old."""
        with self._lock:
            known = self._known.get(span)
            if known is None or not known.at <= now < known.at + GOOD_FOR:
                known = self._known[span] = self._figures(now, count(session, span, self._ends))
                self._known.move_to_end(span)
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
            return known

    def _figures(self, now: datetime, counted: Counted) -> Figures:
        return Figures(now, summed(counted.moves, self._handed), counted.conversations, counted.of)
