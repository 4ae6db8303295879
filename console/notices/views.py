"""The list of notices, the form of one, and how it looks while it is typed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, request
from werkzeug.wrappers import Response as Answer

from booking.errors import StaleState
from booking.live_wording import Edit, of_event
from booking.notice_wordings import FIRST, OWN, Change, edit_of, evened, latest, save, versions, wrong
from booking.templates import LONGEST, Fault, placeholders
from console.accounts.parts import onward, said
from console.deps import deps
from console.notices.parts import for_publishers, for_readers, known, show, typed, wordings
from console.notices.samples import Look, look
from console.person import who


@dataclass(frozen=True)
class Given:
    """What stands in the form, over which version, what is wrong with it, and whether somebody else was quicker."""

    edit: Edit
    seen: int
    faults: tuple[Fault, ...] = ()
    overtaken: bool = False

    def of(self, field: str) -> list[Fault]:
        """What is wrong with a language or an id."""
        return [fault for fault in self.faults if fault.language == field]


@for_readers
def page() -> Response:
    """All notices as they are written now."""
    with deps().store.read() as session:
        changed = latest(session)
    own = wordings().own
    edits = {event: edit_of(changed[event]) if event in changed else of_event(own, event) for event in own.texts}
    looks = {event: _looks(event, edit) for event, edit in edits.items()}
    return show("page", edits=edits, changed=changed, looks=looks, channels=own.channels, said=said())


@for_readers
def form(event: str) -> Response:
    """The form of one."""
    edit, version = _present(known(event))
    return _form(event, Given(edit, version))


@for_readers
def preview(event: str) -> Response:
    """How what is typed looks, and what is wrong with it."""
    edit = _typed(known(event))
    found = wrong(wordings().own, event, edit)
    return show("looks", event=event, looks=_looks(event, edit), faults=found)


@for_publishers
def change(event: str) -> Answer:
    """It was sent. What cannot be taken is said beside its field, and nothing typed is lost."""
    edit, seen = _typed(known(event)), request.form.get("seen", FIRST, type=int)
    return _saved(event, edit, seen)


@for_publishers
def again(event: str, version: int) -> Answer:
    """An earlier version counts again, as a new one."""
    own = wordings().own
    with deps().store.read() as session:
        found = {row.version: edit_of(row) for row in versions(session, known(event))}
    edit = found.get(version) if version else of_event(own, event)
    if edit is None:
        abort(404)
    return _saved(event, evened(edit), request.form.get("seen", FIRST, type=int))


def _saved(event: str, edit: Edit, seen: int) -> Answer:
    found = wrong(wordings().own, event, edit)
    if found:
        return _form(event, Given(edit, seen, tuple(found)), 422)
    try:
        with deps().store.begin() as session:
            save(session, deps().now(), who(), wordings().own, Change(event, edit, seen))
    except StaleState:
        _, version = _present(event)
        return _form(event, Given(edit, version, overtaken=True), 409)
    wordings().look()  # here at once; other processes look by themselves
    return onward("notices.page", "said_saved", _anchor=event)


def _present(event: str) -> tuple[Edit, int]:
    """What counts now, and its version."""
    with deps().store.read() as session:
        row = latest(session).get(event)
    return (edit_of(row), row.version) if row else (of_event(wordings().own, event), FIRST)


def _typed(event: str) -> Edit:
    channels = wordings().own.channels
    ids = {f"{channel}.{language}": typed(f"id_{channel}_{language}") for channel in channels for language in LONGEST}
    before, _ = _present(event)
    return evened(Edit({language: typed(language) for language in LONGEST}, {**before.template_ids, **ids}))


def _looks(event: str, edit: Edit) -> dict[str, Look]:
    own, now = wordings().own, deps().now()
    faults = wrong(own, event, edit)
    return {
        language: look(own, language, text, [f for f in faults if f.language == language], now)
        for language, text in edit.texts.items()
    }


def _form(event: str, given: Given, status: int = 200) -> Response:
    own, (present, _) = wordings().own, _present(event)
    with deps().store.read() as session:
        history = versions(session, event)
    names = dict.fromkeys([n for text in own.texts[event].values() for n in placeholders(text)] + list(OWN))
    return show("form", status, event=event, given=given, present=present, history=history, names=list(names),
                channels=own.channels, looks=_looks(event, given.edit), faults=(), problem=given.faults,
                first=of_event(own, event))  # fmt: skip
