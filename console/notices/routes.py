"""The routes of notices, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.notices import views
from console.routing import READ, SEND, routed

ROUTES = (
    ("", "page", views.page, READ),
    ("/<event>", "form", views.form, READ),
    ("/<event>", "change", views.change, SEND),
    ("/<event>/preview", "preview", views.preview, SEND),
    ("/<event>/again/<int:version>", "again", views.again, SEND),
)


def blueprint() -> Blueprint:
    """The routes; `console.notices.parts.install` first."""
    return routed(__name__, "notices", "/admin/notices", ROUTES)
