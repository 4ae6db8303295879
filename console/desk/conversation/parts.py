"""What the pages of conversations share: their words, and how a handoff is controlled from beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response

from console import showing
from console.desk.deps import desk
from console.desk.shown import helpers
from console.language import language
from console.words import Words, load

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))


def talking() -> Words:
    """The words of conversations, for pages that show one beside their own things."""
    return WORDS[language()]


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of it."""
    return showing.show(
        f"conversation/{template}.html", WORDS, status, t=talking(), names_of=desk().names, **helpers(), **values
    )
