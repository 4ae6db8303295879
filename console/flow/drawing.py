"""A flow file as a drawing: nodes in columns, each as many steps from where the flow is entered as its column says.

Only ways to the next column are drawn as lines, so that none crosses a node. All others (back, across, into another
file) are named on the node.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dialogs.flow import Graph, Node

WIDTH, GAP_X, GAP_Y, EDGE = 288, 104, 20, 12  # pixels at a zoom of 1: a box, between boxes, around them all
Height = Callable[[Node], int]


@dataclass(frozen=True)
class Box:
    """A node with its corner and height in pixels, and the nodes to which it leads without a line."""

    node: Node
    x: int
    y: int
    height: int
    elsewhere: tuple[str, ...]

    @property
    def out(self) -> tuple[int, int]:
        """Where lines leave it."""
        return self.x + WIDTH, self.y + self.height // 2


@dataclass(frozen=True)
class Curve:
    """A line from one node to another: its SVG path, which ends at (`x`, `foot`), and the answers that go this way, to
    be written up to (`x`, `y`)."""

    source: str
    target: str
    path: str
    answers: tuple[str, ...]
    x: int
    y: int
    foot: int


@dataclass(frozen=True)
class Drawing:
    """One flow file, `width` by `height` pixels; boxes in the order of reading."""

    name: str
    width: int
    height: int
    boxes: Sequence[Box]
    curves: Sequence[Curve]


def draw(graph: Graph, name: str, height: Height) -> Drawing:
    """The drawing of the file `name`; `height` says how high a node's box is."""
    columns = _columns(graph, graph.files[name])
    places = _places(graph, columns, height)
    boxes = [_box(graph, id, places, height) for column in columns for id in column]
    known = {box.node.id: box for box in boxes}
    curves = [_curve(box, known[to], graph) for box in boxes for to in _ahead(box.node, places)]
    wide = max((box.x for box in boxes), default=0) + WIDTH + EDGE
    high = max((box.y + box.height for box in boxes), default=0) + EDGE
    return Drawing(name, wide, high, boxes, curves)


def entries(graph: Graph) -> Mapping[str, Sequence[str]]:
    """The nodes at which a flow is entered from beside, with the commands, wishes and events that lead there."""
    found: dict[str, list[str]] = {graph.start: ["start"]}
    for led in (graph.commands, graph.intents, graph.events):
        for name, to in led.items():
            found.setdefault(to, []).append(name)
    return found


def answers(node: Node, to: str) -> tuple[str, ...]:
    """The answers and results with which `node` leads to `to`."""
    keys = [f"#{key}" for key, answer in node.keys.items() if answer.get("go") == to]
    return tuple([answer for answer, target in node.on.items() if target == to] + keys)


def _columns(graph: Graph, ids: Sequence[str]) -> list[list[str]]:
    """The nodes by their distance from the entries; what no entry reaches begins anew in the first column."""
    here = set(ids)
    entered = {to for n in graph.nodes.values() if n.id not in here for to in n.targets()} | entries(graph).keys()
    level: dict[str, int] = {}
    for id in (*(id for id in ids if id in entered), *ids):
        if id not in level:
            _spread(graph, id, here, level)
    columns: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for id, at in level.items():
        columns[at].append(id)
    return columns


def _spread(graph: Graph, root: str, here: set[str], level: dict[str, int]) -> None:
    """Breadth first from `root` to all that have no column yet."""
    level[root], queue = 0, deque([root])
    while queue:
        id = queue.popleft()
        fresh = [to for to in dict.fromkeys(graph.nodes[id].targets()) if to in here and to not in level]
        level.update(dict.fromkeys(fresh, level[id] + 1))
        queue.extend(fresh)


def _places(graph: Graph, columns: Sequence[Sequence[str]], height: Height) -> dict[str, tuple[int, int]]:
    """Column and top of each node: under the one before in its column, and not above the first that leads to it."""
    places: dict[str, tuple[int, int]] = {}
    for number, column in enumerate(columns):
        free = EDGE
        for id in column:
            parents = (places[p][1] for p in columns[number - 1] if id in graph.nodes[p].targets()) if number else ()
            top = max(free, next(iter(parents), EDGE))
            places[id] = (number, top)
            free = top + height(graph.nodes[id]) + GAP_Y
    return places


def _ahead(node: Node, places: Mapping[str, tuple[int, int]]) -> list[str]:
    """The nodes of the next column to which it leads."""
    return [to for to in dict.fromkeys(node.targets()) if to in places and places[to][0] == places[node.id][0] + 1]


def _box(graph: Graph, id: str, places: Mapping[str, tuple[int, int]], height: Height) -> Box:
    node, (column, top) = graph.nodes[id], places[id]
    lines = _ahead(node, places)
    elsewhere = tuple(to for to in dict.fromkeys(node.targets()) if to not in lines)
    return Box(node, EDGE + column * (WIDTH + GAP_X), top, height(node), elsewhere)


def _curve(box: Box, to: Box, graph: Graph) -> Curve:
    (x, y), (end, foot) = box.out, (to.x, to.y + to.height // 2)
    middle = (x + end) // 2
    path = f"M{x} {y}C{middle} {y} {middle} {foot} {end} {foot}"
    # The text stands near the end, where lines from one node are apart, but before it, where lines to one node are.
    return Curve(box.node.id, to.node.id, path, answers(box.node, to.node.id), end, round(y + 0.85 * (foot - y)), foot)
