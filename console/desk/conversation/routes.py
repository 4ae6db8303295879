"""The routes of conversations, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.desk.conversation import notes, views

ROUTES = (
    ("/conversation/<id>", "one", views.one),
    ("/conversation/<id>/said", "said", views.said),
    ("/conversation/<id>/about", "about", views.about),
    ("/conversation/<id>/recorded", "recorded", views.recorded),
    ("/note/<id>", "note", notes.note),
)


def blueprint() -> Blueprint:
    """The routes; `console.desk.deps.install` first."""
    bp = Blueprint("conversation", __name__, url_prefix="/desk", template_folder="templates",
                   static_folder="static", static_url_path="/conversation-files")  # fmt: skip
    for rule, name, view in ROUTES:
        bp.add_url_rule(rule, name, view)
    return bp
