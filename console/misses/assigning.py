"""One group of misses: assigned to a list of phrases, its effect looked at before, or passed over."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, request
from werkzeug.wrappers import Response as Answer

from booking.errors import StaleState
from console.accounts.parts import onward
from console.deps import deps
from console.language import language
from console.misses.adding import Fresh, Typed, assign, ignore, looked
from console.misses.parts import WORDS, found, names, show, wanted
from console.misses.targets import Target, search, suggested, targets
from console.prompts.chosen import Chosen, choose, chosen
from console.prompts.parts import fetched, for_editors, typed
from ivr.misses.effects import Effect
from ivr.misses.grouping import Group
from ivr.misses.report import Report, Wanted
from prompts import drafts
from prompts.errors import DraftOver, Overtaken, TextError

FIELDS = {"target": "target", "name_form": "name", "name_taken": "name", "drafts_many": "name", "draft_over": "draft"}
"""Where something wrong is said; all else is about the phrases."""


@dataclass(frozen=True)
class Looked:
    """The misses asked for, all of them, and the group that is looked at."""

    asked: Wanted
    report: Report
    group: Group


@for_editors
def one(place: str, hash: str) -> Response:
    """The form."""
    here = _here(place, hash)
    return _form(here, _first(here), None, None)


@for_editors
def send(place: str, hash: str) -> Answer:
    """It was sent: only to see what would change, to be assigned, or to be passed over; or with one click, as it is
    proposed, which is only done where it helps and changes nothing else."""
    here, act = _here(place, hash), typed("act")
    given = _quick(here) if act == "quick" else _given()
    try:
        if act == "ignore":
            return _ignored(here)
        _refuse_unknown(given.target)
        effect = looked(_shown(given), given, here.group, here.report)
        if not (act == "assign" or (act == "quick" and effect.understood and not effect.others)):
            return _form(here, given, None, effect)
        with deps().store.begin() as session:
            draft = assign(session, given, _fresh(here))
            id, name = draft.id, draft.name
    except (StaleState, Overtaken):
        return _form(here, given, TextError("overtaken"), None)
    except DraftOver:
        return _form(here, given, TextError("draft_over"), None)
    except TextError as problem:
        return _form(here, given, problem, None)
    return _done(here, given, effect, (id, name))


@for_editors
def lists(place: str, hash: str) -> Response:
    """The lists of phrases that a search finds."""
    known = targets(choose(None))
    text = request.args.get("find", "")[:100]
    return show("lists", offered=search(known, text), chosen=request.args.get("target", ""), lists=known)


def _here(node: str, hash: str) -> Looked:
    """The group with a sentence, of those that are open. Answers 404 where there is none (any more)."""
    asked = wanted()
    known = found(asked)
    group = known.find(node, hash)
    if group is None or asked.state != "open":
        abort(404)
    return Looked(asked, known, group)


def _given() -> Typed:
    draft = typed("draft")
    return Typed(typed("phrases"), typed("target"), int(draft) if draft.isdecimal() and len(draft) < 10 else None,
                 typed("name"))  # fmt: skip


def _first(here: Looked) -> Typed:
    """How the form stands at first: the most frequent sentence, what most callers meant, the newest draft."""
    with deps().store.read() as session:
        open_ones = drafts.open_ones(session)
    likely = suggested(here.group.meant, targets(choose(None)))
    name = WORDS[language()]["draft_name"].replace("{day}", f"{deps().now():%d-%m}")
    return Typed(here.group.sentences[0].text, likely.key if likely else "", open_ones[0].id if open_ones else None,
                 name)  # fmt: skip


def _shown(given: Typed) -> Chosen:
    """The draft that was chosen, or what a new one begins with. Raises DraftOver."""
    with deps().store.read() as session:
        if given.draft:
            drafts.find(session, given.draft)
        return chosen(session, given.draft)


def _quick(here: Looked) -> Typed:
    """What was proposed on the list."""
    first = _first(here)
    return Typed(typed("phrases"), typed("target"), first.draft, first.name)


def _refuse_unknown(target: str) -> None:
    if target not in targets(choose(None)):
        raise TextError("target")


def _fresh(here: Looked) -> Fresh:
    """The sentences that stood on the page, as far as they are still open."""
    seen = request.form.getlist("sentence")[:5000]
    places = [(here.group.node, s.hash) for s in here.group.sentences if s.hash in seen]
    if not places:
        raise StaleState("nothing of it is open")
    return {place: here.report.marks.get(place) for place in places}


def _ignored(here: Looked) -> Answer:
    with deps().store.begin() as session:
        ignore(session, _fresh(here))
    if fetched():
        return show("done", here=here, draft=None)
    return onward("misses.page", "said_ignored")


def _done(here: Looked, given: Typed, effect: Effect, draft: tuple[int, str]) -> Response:
    known = targets(choose(None))
    target = known[given.target]
    return show("done" if fetched() else "alone", here=here, effect=effect, draft=draft, target=target, lists=known)


def _form(here: Looked, given: Typed, problem: TextError | None, effect: Effect | None) -> Response:
    shown = choose(None)
    known = targets(shown)
    with deps().store.read() as session:
        open_ones = drafts.open_ones(session)
    return show(
        "form" if fetched() else "alone", _status(problem), here=here, given=given, problem=problem, effect=effect,
        field=FIELDS.get(problem.code, "phrases") if problem else "", lists=known, offered=_offered(known, given),
        chosen=given.target, drafts=open_ones, names=names(shown), draft=None, quick=effect and typed("act") == "quick",
    )  # fmt: skip


def _status(problem: TextError | None) -> int:
    if problem is None:
        return 200
    return 409 if problem.code in ("overtaken", "draft_over") else 422


def _offered(known: dict[str, Target], given: Typed) -> list[Target]:
    return search(known, typed("find")[:100]) or list(known.values())
