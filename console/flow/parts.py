"""What the pages of the flow share: their words, who may see them, and how nodes and numbers are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, current_app, request, url_for

from booking.accounts.roles import ADMINISTRATOR, EDITOR, PUBLISHER, SUPERVISOR
from console import menu, shared, showing
from console.desk.conversation.parts import talking
from console.desk.questions import question
from console.desk.shown import percent, when
from console.flow.drawing import WIDTH, answers
from console.flow.figures import ANSWERED, Numbers
from console.language import language
from console.person import person
from console.prompts.chips import split
from console.words import Words, load
from dialogs.flow import Node
from ivr.gate import open_to
from prompts.template import placeholders

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
PARTS = ("understood", "again", "left", "handed")

for_readers = open_to(EDITOR, PUBLISHER, ADMINISTRATOR, SUPERVISOR)
by_itself = open_to(EDITOR, PUBLISHER, ADMINISTRATOR, SUPERVISOR, idle=True)


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of it; the page may hold the telephone in a frame."""
    helpers = {
        "split": split, "value": value, "named": named, "counts": counts, "sentence": sentence, "percent": percent,
        "answers": answers, "address": address, "when": when, "t": talking(), "parts": PARTS, "box_width": WIDTH,
    }  # fmt: skip
    return shared.framing(showing.show(f"flow/{template}.html", WORDS, status, **helpers, **values))


def fetched() -> bool:
    """Whether a part of a page is asked for, not a page."""
    return request.headers.get("HX-Request") == "true"


def named(node: Node) -> str:
    """The name of a question as people know it, else as the flow file has it."""
    return question(node.id, language()) or node.id


def value(placeholder: str) -> str:
    """The name of a placeholder."""
    return placeholders(placeholder)[0].name.replace("_", " ")


def counts(node: Node) -> bool:
    """Whether there are numbers of the node: calls pass the others without a stop."""
    return node.kind in ANSWERED or node.kind == "end"


def sentence(numbers: Numbers) -> str:
    """What became of the visits, in a few words; what did not happen is left out."""
    words, some = WORDS[language()], [(name, numbers.part(name)) for name in PARTS if getattr(numbers, name)]
    return " · ".join(words[f"short_{name}"].replace("{part}", percent(part)) for name, part in some)


def address(endpoint: str, **args: Any) -> str:
    """Where the person finds a page; "" for one that is not there or not for them."""
    there = endpoint in current_app.view_functions and menu.opens(current_app, person(), endpoint)
    return url_for(endpoint, **args) if there else ""
