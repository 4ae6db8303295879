"""A draft is looked at as a whole, checked and published, at once or at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from booking.zone import ZONE
from console.accounts.parts import onward, said
from console.deps import deps
from console.person import person, who
from console.prompts.chosen import Chosen, choose, contents_of
from console.prompts.compared import compared
from console.prompts.deps import prompt_deps
from console.prompts.parts import for_editors, for_publishers, for_readers, show, typed
from console.prompts.rehearsing import rehearsal_of
from console.prompts.weighing import weighed
from ivr.checking import findings_of
from models.editions import Edition
from prompts import carrying, drafts, editions
from prompts.carrying import Plan
from prompts.differences import differences
from prompts.editions import LONGEST_NOTE, Publication
from prompts.errors import DraftOver, Overtaken, TextError
from prompts.rebasing import both_changed, move_on
from prompts.recorded import stale

CLASH = ("theirs", "ours")  # whose text stays where a waiting edition changes the same


@dataclass(frozen=True)
class Wrong:
    """What is wrong with the form: a code for the words, and the field ("": none in particular)."""

    code: str
    field: str = ""


@for_readers
def page(id: int) -> Response:
    """The differences, the checks, and the form."""
    return page_of(choose(id))


def page_of(shown: Chosen, wrong: Wrong | None = None) -> Response:
    """The page, with what was sent and what is wrong with it."""
    errors, doubts = findings_of(shown.filed())
    now = deps().now()
    with deps().store.read() as session:
        present = editions.current(session, now)
        newer = contents_of(session, present)
        waiting = carrying.waiting(session, now)
        planned = _plan(session, shown, None) if present == shown.edition and not errors else None
        trial = rehearsal_of(session, shown)
    return show(
        "publish", (409 if wrong.code == "overtaken" else 422) if wrong else 200, shown=shown, errors=errors,
        doubts=doubts, differences=differences(shown.base, shown.contents), present=present, waiting=waiting,
        planned=planned, trial=trial, weighed=weighed(shown.base, shown.contents),
        clashes=both_changed(shown.changes, shown.base, newer), stale=stale(shown.contents), compared=compared,
        given=request.form, problem=wrong, said=said(),
    )  # fmt: skip


@for_publishers
def publish(id: int) -> Answer:
    """It was sent. What the checks refuse is not published, nor what somebody has changed since the look."""
    shown = choose(id)
    try:
        what = Publication(person().login, _note(), _time())
        planned = _checked(shown, what)
        with deps().store.begin() as session:
            made = _published(session, shown, what, planned)
    except TextError as error:
        return page_of(shown, Wrong(error.code, error.what))
    except (Overtaken, DraftOver):
        return page_of(choose(id), Wrong("overtaken"))
    return onward("prompts.history", "said_later" if what.from_at else "said_published", n=made.id)


def _checked(shown: Chosen, what: Publication) -> Plan:
    """What publishing does, every set of files in it checked. Raises TextError, and Overtaken when draft or edition is
    another than was shown."""
    now, draft = deps().now(), shown.draft
    if not shown.changes:
        raise TextError("checks")
    if draft is None or request.form.get("seen", 0, type=int) != draft.version:
        raise Overtaken("the draft has changed")
    if findings_of(shown.filed())[0]:
        raise TextError("checks")
    with deps().store.read() as session:
        if editions.current(session, now) != shown.edition:
            raise Overtaken("another edition has come")
        _require_rehearsed(session, shown)
        planned = _plan(session, shown, what.from_at)
    if planned.clashes and typed("clash") not in CLASH:
        raise TextError("clash", "clash")
    if any(findings_of(made.files)[0] for made in (planned.body, *planned.carried.values())):
        raise TextError("carried")
    return planned


def _plan(session: Session, shown: Chosen, at: datetime | None) -> Plan:
    ours = typed("clash") == "ours"
    return carrying.plan(session, deps().now(), at, shown.body, prompt_deps().first, ours=ours)


def _require_rehearsed(session: Session, shown: Chosen) -> None:
    """Raises TextError unless conversations end as they must with these very files."""
    trial = rehearsal_of(session, shown)
    if trial is None or not trial.passed:
        raise TextError("rehearsal")


def _published(session: Session, shown: Chosen, what: Publication, planned: Plan) -> Edition:
    """The new edition. Raises Overtaken when draft or editions are others than was planned."""
    assert shown.draft is not None
    now, id = deps().now(), shown.draft.id
    drafts.alone(session)
    made = carrying.carry_out(session, now, what, planned)
    drafts.close(session, id, shown.draft.version, made.id)
    after = {
        "draft": shown.draft.name,
        "note": made.note,
        "from": made.from_at.isoformat(),
        "instead_of": shown.edition,
        "carried_into": sorted(planned.carried),
    }
    audit.note(session, now, who(), Deed("edition.published", f"edition:{made.id}", after=after))
    return made


@for_editors
def onto_present(id: int) -> Answer:
    """The draft goes on from the edition that counts now."""
    shown, now = choose(id), deps().now()
    assert shown.draft is not None
    try:
        with deps().store.begin() as session:
            present = editions.current(session, now)
            onto = (present, contents_of(session, present))
            move_on(session, now, person().login, shown.draft, onto)
            before, after = {"edition": shown.edition}, {"edition": present}
            audit.note(session, now, who(), Deed("draft.moved_on", f"draft:{id}", before, after))
    except DraftOver:
        abort(404)
    return onward("prompts.publish_page", "said_moved_on", id=id)


def _note() -> str:
    note = " ".join(typed("note").split())
    if not 0 < len(note) <= LONGEST_NOTE:
        raise TextError("note", "note")
    return note


def _time() -> datetime | None:
    """From when on; None: at once. Raises TextError."""
    if typed("when") != "at":
        return None
    try:
        at = datetime.fromisoformat(typed("at"))
    except ValueError:
        raise TextError("at", "at") from None
    at = at.replace(tzinfo=ZONE) if at.tzinfo is None else at
    if at <= deps().now():
        raise TextError("at", "at")
    return at
