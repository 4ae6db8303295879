"""The routes of the flow, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.flow import views

ROUTES = (
    ("", "page", views.page),
    ("/table", "table", views.table),
    ("/node/<id>", "node", views.node),
    ("/numbers", "numbers", views.numbers),
)


def blueprint() -> Blueprint:
    """The routes; `console.prompts.deps.install` first."""
    bp = Blueprint("flow", __name__, url_prefix="/admin/flow", template_folder="templates", static_folder="static",
                   static_url_path="/files")  # fmt: skip
    for rule, name, view in ROUTES:
        bp.add_url_rule(rule, name, view)
    return bp
