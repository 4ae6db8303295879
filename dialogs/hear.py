"""From hearings to one meaning: every hypothesis is understood in its own language, and the best one is taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dialogs.menus import among
from dialogs.understand import Context, Hearing, Meaning, understand
from dialogs.walk import Walk


def meaning_of(walk: Walk, hearings: Sequence[Hearing], expect: str) -> Meaning:
    """The meaning of what was heard at the current question; of several languages the one that was understood best."""
    by_language: dict[str, list[Hearing]] = {}
    for hearing in hearings:
        by_language.setdefault(hearing.language or walk.state.language, []).append(hearing)
    found = [(understood(walk, said, expect, language), language) for language, said in by_language.items()]
    if not found:
        return Meaning()
    best, _ = max(found, key=lambda f: (f[0].understood, f[0].confidence, f[1] == walk.state.language))
    return best


def language_of(walk: Walk, meaning: Meaning, hearings: Sequence[Hearing]) -> str:
    """The language in which the taken hypothesis was heard."""
    return next((h.language for h in hearings if h.text == meaning.heard and h.language), walk.state.language)


def understood(walk: Walk, hearings: list[Hearing], expect: str, language: str) -> Meaning:
    """The meaning of `hearings`, all of one language, at the current question."""
    context = Context(
        lexicon=walk.flow.lexicon,
        language=language,
        now=walk.now,
        offers=tuple(datetime.fromisoformat(o) for o in walk.state.offers) if expect == "slot" else (),
        length=walk.node.length,
        among=among(walk.flow, walk.node, walk.state),
        fits=walk.node.fits if walk.node.check_digit else None,
    )
    return understand(hearings, expect, context)
