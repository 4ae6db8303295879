"""The routes of tables, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.routing import READ, SEND, routed
from console.tables import editing, files, listing

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
    return routed(__name__, "tables", "/admin/tables", ROUTES)
