"""The routes of the supervisor's page, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.desk.supervisor import listen, views

READ, SEND = ("GET",), ("POST",)
ROUTES = (
    ("", "page", views.page, READ),
    ("/stands", "stands", views.stands, READ),
    ("/agents", "agents", views.agents, READ),
    ("/calls", "calls", views.calls, READ),
    ("/today", "today", views.today, READ),
    ("/hours", "hours", views.hours, READ),
    ("/call/<id>", "call", views.call, READ),
    ("/call/<id>/listen", "listen", listen.state, READ),
    ("/call/<id>/listen", "listen_now", listen.take, SEND),
)


def blueprint() -> Blueprint:
    """The routes; `console.desk.deps.install` first."""
    bp = Blueprint("supervisor", __name__, url_prefix="/desk/supervisor", template_folder="templates",
                   static_folder="static", static_url_path="/files")  # fmt: skip
    for rule, name, view, methods in ROUTES:
        bp.add_url_rule(rule, name, view, methods=list(methods))
    return bp
