"""What was published, and going back to it in one click."""

from __future__ import annotations

from flask import Response, abort, request
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from console.accounts.parts import onward, said
from console.deps import deps
from console.language import language
from console.person import person, who
from console.prompts.deps import prompt_deps
from console.prompts.parts import WORDS, for_publishers, for_readers, show
from prompts import drafts, editions
from prompts.editions import Publication
from prompts.errors import PromptError


@for_readers
def page() -> Response:
    """The editions, the newest first."""
    now = deps().now()
    with deps().store.read() as session:
        present, rows = editions.current(session, now), editions.published(session)
    n = request.args.get("n", 0, type=int)
    return show("history", present=present, editions=rows, now=now, said=said(), n=n)


@for_publishers
def again(edition: int) -> Answer:
    """An edition counts again from now on, as a new one."""
    now, note = deps().now(), WORDS[language()]["again_note"].replace("{n}", str(edition))
    try:
        with deps().store.begin() as session:
            drafts.alone(session)
            before = {"edition": editions.current(session, now)}
            what = Publication(person().login, note)
            made = editions.roll_back(session, now, what, edition, prompt_deps().first)
            audit.note(session, now, who(), Deed("edition.again", f"edition:{made.id}", before, {"like": edition}))
    except PromptError:
        abort(404)
    return onward("prompts.history", "said_again", n=made.id)
