"""The routes of misses, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.misses import assigning, handled, lists
from console.routing import READ, SEND, routed

ROUTES = (
    ("", "page", lists.page, READ),
    ("/<place>/back", "back", handled.back, SEND),
    ("/<place>/<hash>", "one", assigning.one, READ),
    ("/<place>/<hash>", "send", assigning.send, SEND),
    ("/<place>/<hash>/lists", "lists", assigning.lists, READ),
)


def blueprint() -> Blueprint:
    """The routes; `console.prompts.deps.install` first."""
    return routed(__name__, "misses", "/admin/misses", ROUTES)
