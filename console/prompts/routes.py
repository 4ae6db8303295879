"""The routes of prompts, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.prompts import (
    calling,
    editing,
    history,
    listening,
    lists,
    naming,
    packing,
    publishing,
    recordings,
    rehearsing,
    trying,
)
from console.routing import READ, SEND, routed

KEY = "/<int:id>/<kind>/<key>"
ROUTES = (
    ("", "page", lists.page, READ),
    ("", "begin", naming.begin, SEND),
    ("/<int:id>", "draft", lists.draft, READ),
    ("/<int:id>/throw-away", "throw_away", naming.throw_away, SEND),
    ("/<int:id>/proof", "proof", calling.proof, READ),
    ("/<int:id>/on-number", "on_number", calling.on_number, SEND),
    ("/<int:id>/rehearsal", "rehearse", rehearsing.begin, SEND),
    ("/<int:id>/rehearsal", "rehearsal", rehearsing.look, READ),
    ("/<int:id>/publish", "publish_page", publishing.page, READ),
    ("/<int:id>/publish", "publish", publishing.publish, SEND),
    ("/<int:id>/move-on", "move_on", publishing.onto_present, SEND),
    ("/files", "packing", packing.page, READ),
    ("/files", "bring_in", packing.bring_in, SEND),
    ("/files/edition-<int:edition>.zip", "edition_files", packing.edition, READ),
    ("/files/draft-<int:id>.zip", "draft_files", packing.draft, READ),
    ("/history", "history", history.page, READ),
    ("/history/<int:edition>/again", "again", history.again, SEND),
    ("/history/<int:edition>/take-back", "take_back", history.take_back, SEND),
    ("/<int:id>/hear/<language>/<key>", "hear", listening.hear, READ),
    ("/<int:id>/try", "try_page", trying.page, READ),
    ("/<int:id>/try", "try_typed", trying.typed_in, SEND),
    ("/<int:id>/try/spoken", "try_spoken", trying.spoken, SEND),
    ("/<int:id>/recording/<language>/<key>", "record", recordings.record, SEND),
    ("/<int:id>/recording/<language>/<key>/change", "record_change", recordings.change, SEND),
    ("/recordings/<digest>", "play", recordings.play, READ),
    (KEY, "row", editing.row, READ),
    (f"{KEY}/edit", "edit", editing.edit, READ),
    (f"{KEY}/edit", "save", editing.save, SEND),
)


def blueprint() -> Blueprint:
    """The routes; `console.prompts.deps.install` first."""
    bp = routed(__name__, "prompts", "/admin/prompts", ROUTES, "/static")
    recordings.guard(bp)
    return bp
