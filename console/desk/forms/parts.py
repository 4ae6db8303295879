"""What the agents' forms share: words, what is wrong with a field, pages that are also parts of the desk's page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as Answer

from booking.actors import Actor
from console import person, showing
from console.words import Words, load

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
LONGEST = 8000  # characters of one field; the domain's own limits are lower


@dataclass(frozen=True)
class Problem:
    """What is wrong: a code for the words (`error_<code>`), and values for them."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


Problems = dict[str, Problem]
"""By field; "": of the form as a whole."""


def show(part: str, status: int = 200, **values: Any) -> Response:
    """The template `forms/<part>.html`: alone where the desk's page asks for it, else as a page of its own."""
    alone = not fragment()
    named = {"part": f"forms/{part}.html", "name": part, "alone": alone, "said": "", "problems": {}, **values}
    if not alone:
        response = showing.show(named["part"], WORDS, status, **named)
        if named["said"]:  # something was changed: the rest of the desk's page shows it, too
            response.headers["HX-Trigger"] = "mitan:caller"
        return response
    return showing.show("forms/page.html", WORDS, status, **named)


def fragment() -> bool:
    """Whether a part of a page asks, which is to stay where it is: an agent in a call must not lose the page."""
    return request.headers.get("HX-Request") == "true"


def typed(name: str) -> str:
    """What stands in a field of the form, without outer spaces and control characters."""
    text = request.form.get(name, "")[:LONGEST].replace("\r\n", "\n")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def number_in(text: str) -> int | None:
    """A row's number in a field or an address; None for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def version() -> int:
    """The version that was on the screen; 0, which no record has, where a form says none."""
    return number_in(typed("version")) or 0


def actor() -> Actor:
    """Who changes something, as it stands in the events of a record."""
    return Actor("agent", person.person().account_id)


def onward(endpoint: str, said: str = "", **values: Any) -> Answer:
    """To what was changed, where it is said that it was."""
    if said:
        session["said"] = said
    return redirect(url_for(endpoint, **values), 303)


def said() -> str:
    """What was changed just before, once."""
    return str(session.pop("said", ""))
