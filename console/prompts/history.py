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
from prompts import carrying, drafts, editions
from prompts.editions import Publication
from prompts.errors import Overtaken, PromptError


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
            first = prompt_deps().first
            planned = carrying.plan(session, now, None, editions.body_of(session, edition, first), first)
            made = carrying.carry_out(session, now, what, planned, edition)
            audit.note(session, now, who(), Deed("edition.again", f"edition:{made.id}", before, {"like": edition}))
    except PromptError:
        abort(404)
    return onward("prompts.history", "said_again", n=made.id)


@for_publishers
def take_back(edition: int) -> Answer:
    """An edition whose time has not come will not be heard; the draft that it was made of is open again."""
    now = deps().now()
    try:
        with deps().store.begin() as session:
            drafts.alone(session)
            planned = carrying.without(session, now, edition, prompt_deps().first)
            carrying.take_back(session, now, person().login, edition, planned)
            after = {"taken_out_of": sorted(planned.carried)}
            audit.note(session, now, who(), Deed("edition.taken_back", f"edition:{edition}", after=after))
    except Overtaken:
        return onward("prompts.history", "said_too_late", n=edition)
    return onward("prompts.history", "said_taken_back", n=edition)
