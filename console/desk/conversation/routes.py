"""The routes of conversations, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.desk.conversation import notes, views
from console.routing import READ, routed

ROUTES = (
    ("/conversation/<id>", "one", views.one, READ),
    ("/conversation/<id>/said", "said", views.said, READ),
    ("/conversation/<id>/about", "about", views.about, READ),
    ("/conversation/<id>/recorded", "recorded", views.recorded, READ),
    ("/note/<id>", "note", notes.note, READ),
)


def blueprint() -> Blueprint:
    """The routes; `console.desk.deps.install` first."""
    return routed(__name__, "conversation", "/desk", ROUTES, "/conversation-files")
