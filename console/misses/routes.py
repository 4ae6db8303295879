"""The routes of misses, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.misses import assigning, handled, lists

READ, SEND = ("GET",), ("POST",)
ROUTES = (
    ("", "page", lists.page, READ),
    ("/<place>/back", "back", handled.back, SEND),
    ("/<place>/<hash>", "one", assigning.one, READ),
    ("/<place>/<hash>", "send", assigning.send, SEND),
    ("/<place>/<hash>/lists", "lists", assigning.lists, READ),
)


def blueprint() -> Blueprint:
    """The routes; `console.prompts.deps.install` first."""
    bp = Blueprint("misses", __name__, url_prefix="/admin/misses", template_folder="templates",
                   static_folder="static", static_url_path="/files")  # fmt: skip
    for rule, name, view, methods in ROUTES:
        bp.add_url_rule(rule, name, view, methods=list(methods))
    return bp
