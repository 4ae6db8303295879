"""The flow as a drawing and as tables, one node of it, and the numbers alone."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, jsonify, request

from booking import questions
from console.deps import deps
from console.flow.drawing import draw, entries
from console.flow.figures import ANSWERED, Counter, Figures, Numbers
from console.flow.parts import by_itself, counts, fetched, for_readers, sentence, show
from console.flow.period import Period, period
from console.flow.texts import Texts, lines, texts
from console.prompts.deps import prompt_deps
from dialogs.flow import Node
from prompts import editions

KEPT = "mitan-flow"
LATEST = 10  # conversations beside a node
HEAD, LINE = 46, 22  # pixels of a box: its name with the margins, and any other line
LETTERS = 36  # of a text in a line; a box shows two lines of it


@for_readers
def page() -> Response:
    """The drawing."""
    return _whole("page")


@for_readers
def table() -> Response:
    """The same as tables."""
    return _whole("table")


@for_readers
def node(id: str) -> Response:
    """All about a node: alone where a part is asked for, else beside the drawing."""
    found = prompt_deps().graph.nodes.get(id)
    if found is None:
        abort(404)
    return (
        show("node", **_one(found), **_common(period(request.args, deps().now())))
        if fetched()
        else _whole("page", found)
    )


@by_itself
def numbers() -> Response:
    """The numbers of all nodes by now, written as the page shows them."""
    asked = period(request.args, deps().now())
    found, graph = _figures(asked), prompt_deps().graph
    written = {
        node.id: {"visits": one.visits, "line": sentence(one)}
        for node in graph.nodes.values()
        if counts(node) and (one := found.nodes.get(node.id, Numbers()))
    }
    return jsonify(nodes=written)


def _whole(template: str, chosen: Node | None = None) -> Response:
    asked, graph = period(request.args, deps().now()), prompt_deps().graph
    said = _texts()
    drawings = [draw(graph, name, lambda node: _height(node, said)) for name in graph.files]
    beside = _one(chosen) if chosen else {"node": None}
    values = {**_common(asked), **beside, "said": said, "drawings": drawings}
    return show(template, 400 if asked.wrong else 200, phone="phone.page" in current_app.view_functions, **values)


def _common(asked: Period) -> dict[str, Any]:
    """What every template needs; where the period is wrong, nothing is counted."""
    found = None if asked.wrong else _figures(asked)
    none = Numbers()
    return {
        "asked": asked, "figures": found, "numbers_of": lambda id: found.nodes.get(id, none) if found else none,
        "entries": entries(prompt_deps().graph), "graph": prompt_deps().graph,
    }  # fmt: skip


def _one(node: Node) -> dict[str, Any]:
    asked = period(request.args, deps().now())
    with deps().store.read() as session:
        been = questions.been_at(session, node.id, asked.span, LATEST) if counts(node) else []
    file = next(name for name, ids in prompt_deps().graph.files.items() if node.id in ids)
    return {"node": node, "file": file, "lines": lines(node), "been": been, "said": _texts()}


def _texts() -> Texts:
    now = deps().now()
    with deps().store.read() as session:
        return texts(session, editions.current(session, now), prompt_deps().first)


def _figures(asked: Period) -> Figures:
    counter: Counter = current_app.extensions.setdefault(KEPT, Counter(prompt_deps().graph))
    with deps().store.read() as session:
        return counter.of(session, deps().now(), asked.span)


def _height(node: Node, said: Texts) -> int:
    texts = sum(1 + (len(text) > LETTERS) for text in said.first(node).values() if text)
    return HEAD + LINE * (texts + 2 * (node.kind in ANSWERED) + bool(list(node.targets())))
