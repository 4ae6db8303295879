"""The phrases that a recogniser listens for at a question, made from the same phrases that are understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dialogs.understand.lexicon import Lexicon


def grammar(
    expect: str,
    language: str,
    lexicon: Lexicon,
    offers: Sequence[datetime] = (),
    among: Sequence[str] = (),
    length: int | None = None,
) -> tuple[str, ...]:
    """Whole phrases for the question `expect` in `language`."""
    services = lexicon.phrases.get(language, {}).get("services") or {}
    return tuple(dict.fromkeys(p for ways in services.values() for p in ways))
