"""What the pages of prompts share: their words, who may do what, and what is wrong with something typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, current_app, request

from booking.accounts.roles import ADMINISTRATOR, EDITOR, PUBLISHER
from console import menu, showing
from console.person import person
from console.prompts.chips import label, split
from console.prompts.meanings import heard_at, list_name, told
from console.words import LANGUAGES, Words, load
from ivr.gate import open_to

_FILES = [load(Path(__file__).with_name(name)) for name in ("words.yaml", "heard.yaml")]
WORDS: dict[str, Words] = {code: {**_FILES[0][code], **_FILES[1][code]} for code in LANGUAGES}
LONGEST = 100_000  # characters of a field that are looked at and given back

READERS = frozenset({EDITOR, PUBLISHER, ADMINISTRATOR})
for_readers = open_to(*READERS)
for_editors = open_to(EDITOR, ADMINISTRATOR)
for_publishers = open_to(PUBLISHER, ADMINISTRATOR)


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of it."""
    return showing.show(
        f"prompts/{template}.html",
        WORDS,
        status,
        split=split,
        chip=label,
        may=_may,
        list_name=list_name,
        heard_at=heard_at,
        told=told,
        **values,
    )


def _may(endpoint: str) -> bool:
    """Whether who asks may use the route."""
    return menu.opens(current_app, person(), f"prompts.{endpoint}")


def typed(name: str) -> str:
    """What stands in a field of the form."""
    return request.form.get(name, "")[:LONGEST]


def fetched() -> bool:
    """Whether a part of a page is asked for, not a page."""
    return request.headers.get("HX-Request") == "true"
