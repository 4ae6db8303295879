"""The routes of the supervisor's page, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.desk.supervisor import listen, views
from console.routing import READ, SEND, routed

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
    return routed(__name__, "supervisor", "/desk/supervisor", ROUTES)
