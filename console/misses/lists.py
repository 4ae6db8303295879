"""The list of misses: grouped, counted, and how it went from day to day."""

from __future__ import annotations

from flask import Response

from console.accounts.parts import said
from console.misses.bars import bars
from console.misses.parts import SPANS, found, names, show, wanted
from console.misses.targets import suggested, targets
from console.prompts.chosen import choose
from console.prompts.parts import for_readers
from ivr.misses.report import STATES

MOST = 50  # groups of a page


@for_readers
def page() -> Response:
    """What was missed in a span of days."""
    asked, shown = wanted(), choose(None)
    known, lists = found(asked), targets(shown)
    suggestions = {group.hash: suggested(group.meant, lists) for group in known.groups[:MOST]}
    return show(
        "page", wanted=asked, report=known, groups=known.groups[:MOST], cut=len(known.groups) > MOST, spans=SPANS,
        states=STATES, names=names(shown), lists=lists, suggestions=suggestions,
        bars=bars(known.course, asked.days), said=said(),
    )  # fmt: skip
