"""The routes of the calendar, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.closures import agents, closing, hours
from console.routing import READ, SEND, routed

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
    return routed(__name__, "calendar", "/admin/calendar", ROUTES)
