"""The routes of the work list, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.desk.work import deeds, lists, tasks
from console.routing import READ, SEND, routed

ROUTES = (
    ("", "page", lists.page, READ),
    ("/list", "listed", lists.listed, READ),
    ("/<int:id>", "task", tasks.task, READ),
    ("/<int:id>/state", "state", tasks.state, READ),
    ("/<int:id>/take", "take", deeds.take, SEND),
    ("/<int:id>/give", "give", deeds.give, SEND),
    ("/<int:id>/assign", "assign", deeds.assign, SEND),
    ("/<int:id>/later", "later", deeds.later, SEND),
    ("/<int:id>/done", "done", deeds.done, SEND),
    ("/<int:id>/typed", "type_in", deeds.type_in, SEND),
)


def blueprint() -> Blueprint:
    """The routes; `console.desk.deps.install` first."""
    return routed(__name__, "work", "/desk/work", ROUTES)
