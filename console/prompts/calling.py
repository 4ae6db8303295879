"""A draft is tried by telephone: from the browser, and at the test number."""

from __future__ import annotations

from flask import Response, abort, jsonify
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from console.accounts.parts import onward
from console.deps import deps
from console.person import who
from console.prompts.chosen import choose
from console.prompts.deps import prompt_deps
from console.prompts.parts import for_editors, for_readers
from prompts import drafts
from prompts.errors import DraftOver
from prompts.trials import trial_of


@for_readers
def proof(id: int) -> Response:
    """What lets one call try the draft as it stands now."""
    shown = choose(id)
    assert shown.draft is not None
    body = shown.body
    with deps().store.begin() as session:
        trial = trial_of(session, deps().now(), shown.draft, body).id
    return jsonify(token=prompt_deps().proof(trial))


@for_editors
def on_number(id: int) -> Answer:
    """The draft is the one that is heard at the test number."""
    try:
        with deps().store.begin() as session:
            before = drafts.on_number(session)
            drafts.choose_for_number(session, deps().now(), id)
            was = {"draft": before.id if before else None}
            deed = Deed("draft.on_number", f"draft:{id}", was, {"draft": id})
            audit.note(session, deps().now(), who(), deed)
    except DraftOver:
        abort(404)
    return onward("prompts.draft", "said_on_number", id=id)
