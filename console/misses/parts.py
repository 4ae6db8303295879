"""What the pages of misses share: their words, and which misses are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response, current_app, request

from booking.misses.finding import KINDS
from console import menu, showing
from console.deps import deps
from console.language import language
from console.person import person
from console.prompts.chosen import Chosen
from console.prompts.deps import prompt_deps
from console.prompts.meanings import told
from console.prompts.parts import WORDS as HEARD
from console.words import LANGUAGES, Words, load
from dialogs.flow import Node
from ivr.misses.report import STATES, Report, Wanted, report
from ivr.misses.sentences import questions
from prompts.contents import Spot
from prompts.template import PLACEHOLDER

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
SPANS = (1, 7, 28, 90)  # days


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of it."""
    heard = HEARD[language()]
    return showing.show(f"misses/{template}.html", WORDS, status, may=_may, asked=_asked, heard=heard,
                        told=partial(told, heard), **values)  # fmt: skip


def _may(endpoint: str) -> bool:
    """Whether who asks may use the route."""
    return endpoint in current_app.view_functions and menu.opens(current_app, person(), endpoint)


def _asked(wanted: Wanted, **other: Any) -> Mapping[str, Any]:
    """What stands in an address for these misses, with something `other` perhaps."""
    plain = asdict(Wanted())
    return {name: value for name, value in asdict(replace(wanted, **other)).items() if value != plain[name]}


def wanted() -> Wanted:
    """Which misses the address asks for; what is unknown there is left out."""

    def one_of(name: str, known: Any, otherwise: str = "") -> str:
        given = request.args.get(name, "")
        return given if given in known else otherwise

    days = request.args.get("days", 7, type=int)
    return Wanted(days if days in SPANS else 7, one_of("language", LANGUAGES), one_of("node", nodes()),
                  one_of("kind", KINDS), one_of("state", STATES, "open"))  # fmt: skip


def nodes() -> Mapping[str, Node]:
    """The questions whose misses are shown."""
    return questions(prompt_deps().graph)


def found(asked: Wanted) -> Report:
    """The misses."""
    with deps().store.read() as session:
        return report(session, deps().now(), asked, nodes())


def names(shown: Chosen) -> dict[str, str]:
    """The questions as callers hear them."""
    return {id: _question(shown, node) for id, node in nodes().items()}


def _question(shown: Chosen, node: Node) -> str:
    for line in (*node.say, *node.again):
        if text := shown.contents.get(Spot("prompt", language(), line.key)):
            return PLACEHOLDER.sub("…", text[0])
    return node.id
