"""The drawing of the flow's files, and what its pages need words for."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

from console.desk.questions import QUESTIONS
from console.flow.drawing import EDGE, WIDTH, Box, draw, entries
from console.flow.figures import agents
from console.flow.parts import WORDS
from console.flow.texts import PARTS
from dialogs.flow import load, parse

GRAPH = load()
PAGES = Path(__file__).parents[3] / "console/flow"


def tall(node: object) -> int:
    return 90


def test_every_node_of_the_flow_stands_in_one_file() -> None:
    counted = Counter(id for ids in GRAPH.files.values() for id in ids)
    assert counted == Counter(list(GRAPH.nodes))
    assert next(iter(GRAPH.files)) == "main"


def test_no_two_boxes_overlap_and_all_lie_within_the_drawing() -> None:
    for name in GRAPH.files:
        drawing = draw(GRAPH, name, tall)
        assert {b.node.id for b in drawing.boxes} == set(GRAPH.files[name])
        by_column: dict[int, list[Box]] = {}
        for box in drawing.boxes:
            assert EDGE <= box.x <= drawing.width - WIDTH
            assert EDGE <= box.y <= drawing.height - box.height
            by_column.setdefault(box.x, []).append(box)
        for boxes in by_column.values():
            assert all(a.y + a.height < b.y for a, b in pairwise(boxes))


def test_every_way_of_a_node_is_drawn_or_named() -> None:
    for name in GRAPH.files:
        drawing = draw(GRAPH, name, tall)
        for box in drawing.boxes:
            lines = {c.target for c in drawing.curves if c.source == box.node.id}
            assert lines | set(box.elsewhere) == set(box.node.targets())
            assert not lines & set(box.elsewhere)


def test_answers_stand_at_their_lines() -> None:
    curves = {(c.source, c.target): c for c in draw(GRAPH, "main", tall).curves}
    assert curves["resume", "resume_yes"].answers == ("yes",)
    assert curves["help", "help_more"].answers == ("#7",)


def test_a_flow_of_one_node_that_leads_to_itself_can_be_drawn() -> None:
    made = {"start": "a", "nodes": {"a": {"ask": "yesno", "next": ["a"]}}, "groups": []}
    graph = parse({**made, "commands": {"agent": "a"}, "intents": {}, "clears": {}, "fixes": {}})
    drawing = draw(type(graph)(**{**vars(graph), "files": {"main": ("a",)}}), "main", tall)
    assert [(b.node.id, b.elsewhere) for b in drawing.boxes] == [("a", ("a",))]
    assert drawing.curves == []


def test_where_callers_come_in_is_known() -> None:
    assert entries(GRAPH)["new_booking"] == ["book"]
    assert entries(GRAPH)["start"] == ["start"]


def test_who_is_handed_over_comes_to_an_agent_or_to_what_follows_a_promise() -> None:
    assert agents(GRAPH) == {"bridge", "after_agent"}


def test_both_languages_have_the_same_labels_and_hindi_is_devanagari() -> None:
    assert WORDS["hi"].keys() == WORDS["en"].keys()
    fields = {lang: {k: set(re.findall(r"\{\w+\}", v)) for k, v in WORDS[lang].items()} for lang in WORDS}
    assert fields["hi"] == fields["en"]
    assert [k for k, v in WORDS["hi"].items() if not re.search("[\u0900-\u097f]", v)] == []


def test_every_kind_answer_file_and_part_has_its_words() -> None:
    nodes = GRAPH.nodes.values()
    expected = {n.expect for n in nodes} | {n.also for n in nodes}
    needed = {f"kind_{n.kind}" for n in nodes} | {f"expect_{e}" for e in expected if e}
    needed |= {f"matter_{name}" for name in GRAPH.files} | {f"said_{part}" for part in (*PARTS, "wrong")}
    assert needed <= WORDS["en"].keys()
    assert all(n.id in QUESTIONS["en"] for n in nodes if n.kind == "ask")


def test_every_label_that_a_page_uses_exists_and_every_one_is_used() -> None:
    text = "\n".join(p.read_text("utf-8") for kind in ("html", "py") for p in PAGES.rglob(f"*.{kind}"))
    used = set(re.findall(r"\bw\.(\w+)", text))
    assert used <= WORDS["en"].keys()
    built = re.compile(r"(of|wrong|matter|kind|number|short|expect|said)_")
    named = set(re.findall(r'"(\w+)"', text))
    assert {k for k in WORDS["en"] if not built.match(k)} - used - named == set()
