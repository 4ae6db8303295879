"""The routes of tables, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.tables import editing, files, listing

READ, SEND = ("GET",), ("POST",)
ROUTES = (
    ("", "page", listing.page, READ),
    ("/<name>", "rows", listing.rows, READ),
    ("/<name>/row", "row", editing.row, READ),
    ("/<name>/row", "save", editing.save, SEND),
    ("/<name>/remove", "remove", editing.remove, SEND),
    ("/<name>/export/<kind>", "export", files.export, READ),
    ("/<name>/import", "upload", files.upload, READ),
    ("/<name>/import", "check", files.check, SEND),
    ("/<name>/take-over", "take_over", files.take_over, SEND),
)


def blueprint() -> Blueprint:
    """The routes; `console.tables.deps.install` first."""
    bp = Blueprint("tables", __name__, url_prefix="/admin/tables", template_folder="templates",
                   static_folder="static", static_url_path="/files")  # fmt: skip
    for rule, name, view, methods in ROUTES:
        bp.add_url_rule(rule, name, view, methods=list(methods))
    return bp
