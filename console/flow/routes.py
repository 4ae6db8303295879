"""The routes of the flow, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.flow import views
from console.routing import READ, routed

ROUTES = (
    ("", "page", views.page, READ),
    ("/table", "table", views.table, READ),
    ("/node/<id>", "node", views.node, READ),
    ("/numbers", "numbers", views.numbers, READ),
)


def blueprint() -> Blueprint:
    """The routes; `console.prompts.deps.install` first."""
    return routed(__name__, "flow", "/admin/flow", ROUTES)
