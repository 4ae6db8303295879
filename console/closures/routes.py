"""The routes of the calendar, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.closures import agents, closing, hours

READ, SEND = ("GET",), ("POST",)
ROUTES = (
    ("", "page", closing.page, READ),
    ("", "close", closing.close, SEND),
    ("/<id>/lift", "lift", closing.lift, SEND),
    ("/hours", "hours", hours.page, READ),
    ("/hours", "set_hours", hours.save, SEND),
    ("/hours/<int:id>/drop", "drop_hours", hours.drop, SEND),
    ("/agents", "agents", agents.page, READ),
    ("/agents", "set_agents", agents.save, SEND),
    ("/agents/<int:id>/drop", "drop_agents", agents.drop, SEND),
)


def blueprint() -> Blueprint:
    """The routes; `console.closures.deps.install` first."""
    bp = Blueprint("calendar", __name__, url_prefix="/admin/calendar", template_folder="templates",
                   static_folder="static", static_url_path="/files")  # fmt: skip
    for rule, name, view, methods in ROUTES:
        bp.add_url_rule(rule, name, view, methods=list(methods))
    return bp
