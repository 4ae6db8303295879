"""One prompt, or the phrases of one meaning, is edited in both languages at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response, abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from console.accounts.parts import onward
from console.deps import deps
from console.person import person, who
from console.prompts.chosen import Chosen, choose
from console.prompts.deps import prompt_deps
from console.prompts.parts import fetched, for_editors, for_readers, show, typed
from console.prompts.rows import Row, Side, one, sides
from console.prompts.weighing import Doubts, weighed
from prompts import drafts
from prompts.contents import Value
from prompts.drafts import Change
from prompts.errors import DraftOver, Overtaken, TextError
from prompts.wording import names_in, taken


@dataclass
class Given:
    """What was typed, by language, over which text and version of it; what is wrong, where somebody else was quicker,
    and what is doubtful about phrases."""

    texts: dict[str, str] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    problems: dict[str, TextError] = field(default_factory=dict)
    overtaken: set[str] = field(default_factory=set)
    doubts: Doubts = field(default_factory=Doubts)


@for_readers
def row(id: int, kind: str, key: str) -> Answer:
    """The row as it stands in the list."""
    shown = choose(id)
    if not fetched():
        return redirect(url_for("prompts.draft", id=id, q=key))
    return show("row", shown=shown, row=_known(shown, kind, key), saved=False)


@for_editors
def edit(id: int, kind: str, key: str) -> Response:
    """The form."""
    return _form(choose(id), kind, key, Given())


@for_editors
def save(id: int, kind: str, key: str) -> Answer:
    """Both languages were sent. What cannot be taken is said beside its field, and nothing typed is lost."""
    shown = choose(id)
    row, given = _known(shown, kind, key), Given()
    wanted = {language: value for language, side in sides(row) if (value := _sent(row, side, given)) is not None}
    if given.problems:
        return _form(shown, kind, key, given, 422)
    given.doubts = _doubts(shown, wanted)
    if given.doubts and given.doubts.mark != typed("anyhow"):
        return _form(shown, kind, key, given, 422)
    try:
        with deps().store.begin() as session:
            _put(session, shown, wanted)
    except DraftOver:
        abort(404)
    except Overtaken:
        return _overtaken(id, row, wanted, given)
    if fetched():
        shown = choose(id)
        return show("row", shown=shown, row=_known(shown, kind, key), saved=True)
    return onward("prompts.draft", "said_saved", id=id, q=key)


def _sent(row: Row, side: Side, given: Given) -> Change | None:
    """The change of a language; None: nothing was changed there, or it cannot be taken."""
    language = side.spot.language
    if side.base is None:
        return None
    given.texts[language] = text = typed(language)
    given.seen[language] = seen = request.form.get(f"seen_{language}", 0, type=int)
    given.was[language] = was = typed(f"was_{language}")
    if request.form.get("back") == language:
        return Change(side.spot, None, seen)
    if _evened(text) == _evened(was):
        return None
    try:
        value = taken(side.spot, text, [part for one in row.sides for part in one.base or ()], side.base)
    except TextError as error:
        given.problems[language] = error
        return None
    return Change(side.spot, value if value != side.base else None, seen)


def _doubts(shown: Chosen, wanted: dict[str, Change]) -> Doubts:
    """What the changed phrases would do to the draft as it stands. The edition's own is beyond doubt."""
    if "back" in request.form:
        return Doubts()
    changes = {change.spot: change.value or shown.base[change.spot] for change in wanted.values()}
    return weighed(shown.contents, {**shown.contents, **changes})


def _evened(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n")]


def _put(session: Session, shown: Chosen, wanted: dict[str, Change]) -> None:
    """All changes of a row, each with its entry in the audit trail. Raises DraftOver, Overtaken."""
    assert shown.draft is not None
    for change in wanted.values():
        spot, now = change.spot, deps().now()
        before = drafts.changes(session, shown.draft.id).get(spot, shown.base[spot])
        drafts.put(session, now, person().login, shown.draft.id, change)
        after = shown.base[spot] if change.value is None else change.value
        deed = Deed("prompt.changed", f"draft:{shown.draft.id}/{spot.language}/{spot.key}", _told(before), _told(after))
        audit.note(session, now, who(), deed)


def _told(value: Value) -> dict[str, str]:
    return {"text": "\n".join(value)}


def _overtaken(id: int, row: Row, wanted: dict[str, Change], given: Given) -> Response:
    """Somebody else was quicker: what stands there now is shown beside what was typed."""
    shown = choose(id)
    given.overtaken = {language for language, change in wanted.items() if shown.seen(change.spot) != change.seen}
    given.was, given.seen = {}, {}  # what stands there now has been seen with this answer
    return _form(shown, row.kind, row.key, given, 409)


def _form(shown: Chosen, kind: str, key: str, given: Given, status: int = 200) -> Response:
    row = _known(shown, kind, key)
    chips = {language: list(names_in(side.base or ())) for language, side in sides(row)}
    template = "form" if fetched() else "alone"
    return show(template, status, shown=shown, row=row, given=given, chips=chips, problem=given.problems)


def _known(shown: Chosen, kind: str, key: str) -> Row:
    """The row. Answers 404 when there is none."""
    found = one(shown, prompt_deps().graph, kind, key)
    if found is None:
        abort(404)
    return found
