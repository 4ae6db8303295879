"""Drafts are begun under a name, and thrown away."""

from __future__ import annotations

from flask import abort
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from console.accounts.parts import onward
from console.deps import deps
from console.person import person, who
from console.prompts.chosen import choose
from console.prompts.lists import page_of
from console.prompts.parts import for_editors, typed
from prompts import drafts, editions
from prompts.errors import DraftOver, TextError


@for_editors
def begin() -> Answer:
    """A new draft of the present edition."""
    now, name = deps().now(), typed("name")
    try:
        with deps().store.begin() as session:
            made = drafts.begin(session, now, person().login, name, editions.current(session, now))
            after = {"name": made.name, "edition": made.based_on}
            audit.note(session, now, who(), Deed("draft.begun", f"draft:{made.id}", after=after))
    except TextError as error:
        return page_of(choose(None), error, name)
    return onward("prompts.draft", "said_begun", id=made.id)


@for_editors
def throw_away(id: int) -> Answer:
    """A draft and all its changes are dropped; what they were stands in the audit trail."""
    try:
        with deps().store.begin() as session:
            before = {"name": drafts.find(session, id).name}
            drafts.throw_away(session, id)
            audit.note(session, deps().now(), who(), Deed("draft.thrown_away", f"draft:{id}", before))
    except DraftOver:
        abort(404)
    return onward("prompts.page", "said_thrown_away")
