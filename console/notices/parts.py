"""What the pages of notices share: their words, who may do what, and the wording of this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request

from booking.accounts.roles import ADMINISTRATOR, EDITOR, PUBLISHER
from booking.templates import Fault, placeholders
from booking.wording import PLAIN
from console import menu, showing
from console.language import language
from console.person import person
from console.prompts.chips import Part, split
from console.words import Words, load
from ivr.gate import open_to
from ivr.wordings import Wordings

NAME = "mitan-notices"
WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
LONGEST = 2000  # characters of a field that are looked at and given back

for_readers = open_to(EDITOR, PUBLISHER, ADMINISTRATOR)
for_publishers = open_to(PUBLISHER, ADMINISTRATOR)


def install(flask: Flask, wordings: Wordings) -> None:
    """Let the views find the wording."""
    flask.extensions[NAME] = wordings


def wordings() -> Wordings:
    """That of the application which answers the present request."""
    found: Wordings = current_app.extensions[NAME]
    return found


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of it."""
    helpers = {"named": named, "split": shown, "chip": chip, "what": what, "may": may}
    return showing.show(f"notices/{template}.html", WORDS, status, **helpers, **values)


def may(endpoint: str) -> bool:
    """Whether who asks may use the route."""
    return menu.opens(current_app, person(), f"notices.{endpoint}")


def known(event: str) -> str:
    """An event that has a text; answers 404 for others."""
    if event not in wordings().own.texts:
        abort(404)
    return event


def typed(name: str) -> str:
    """What stands in a field of the form."""
    return request.form.get(name, "")[:LONGEST]


def named(event: str) -> str:
    """An event in words."""
    words = WORDS[language()]
    name = words[f"event_{event.removesuffix(PLAIN)}"]
    return f"{name} ({words['plain']})" if event.endswith(PLAIN) else name


def chip(name: str) -> str:
    """A variable in words; one that there is not as it was typed."""
    return WORDS[language()].get(f"variable_{name}", name)


def what(fault: Fault) -> str:
    """The words that a fault is about; variables by their names on the page."""
    if fault.code in ("differs", "strange"):
        return ", ".join(chip(name) for name in fault.what.split(", "))
    return fault.what


def shown(text: str) -> Sequence[Part]:
    """A text in words and variables; one that cannot be read stays one piece."""
    try:
        names = set(placeholders(text))
    except ValueError:
        return [Part(text, False)]
    return [Part(p.text, p.chip and p.text[1:-1] in names) for p in split(text)]
