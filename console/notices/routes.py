"""The routes of notices, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.notices import views

READ, SEND = ("GET",), ("POST",)
ROUTES = (
    ("", "page", views.page, READ),
    ("/<event>", "form", views.form, READ),
    ("/<event>", "change", views.change, SEND),
    ("/<event>/preview", "preview", views.preview, SEND),
    ("/<event>/again/<int:version>", "again", views.again, SEND),
)


def blueprint() -> Blueprint:
    """The routes; `console.notices.parts.install` first."""
    bp = Blueprint("notices", __name__, url_prefix="/admin/notices", template_folder="templates",
                   static_folder="static", static_url_path="/files")  # fmt: skip
    for rule, name, view, methods in ROUTES:
        bp.add_url_rule(rule, name, view, methods=list(methods))
    return bp
