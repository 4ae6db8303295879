"""The flow drawn: Graphviz DOT text, for `python app.py flow --graph`."""

from __future__ import annotations

from dialogs.flow import Graph, Node

_SHAPES = {"say": "box", "ask": "ellipse", "do": "hexagon", "record": "cds", "end": "doublecircle"}


def dot(graph: Graph) -> str:
    """The graph as DOT: questions as ellipses, operations as hexagons, ends as double circles."""
    lines = ["digraph flow {", '  rankdir=TB; node [fontname="sans-serif"]; edge [fontname="sans-serif", fontsize=10];']
    for node in graph.nodes.values():
        lines.append(f'  "{node.id}" [shape={_SHAPES[node.kind]}, label="{_label(node)}"];')
        lines += [f'  "{node.id}" -> "{way.to}" [label="{way.when}"];' for way in node.ways]
        lines += [f'  "{node.id}" -> "{to}" [label="{answer}", style=dashed];' for answer, to in node.on.items()]
        lines += [
            f'  "{node.id}" -> "{a["go"]}" [label="key {k}", style=dotted];' for k, a in node.keys.items() if "go" in a
        ]
    for name, to in (*graph.commands.items(), *graph.intents.items(), *graph.events.items()):
        lines.append(f'  "any: {name}" [shape=plaintext]; "any: {name}" -> "{to}" [style=dotted];')
    return "\n".join([*lines, "}"])


def _label(node: Node) -> str:
    detail = {"ask": node.expect, "do": node.op, "end": node.end, "record": node.fills}.get(node.kind, "")
    return f"{node.id}\\n{detail}" if detail else node.id
