"""A prompt's recording is sent, heard and taken away, in one language of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, Request, Response, abort, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from console.accounts.parts import onward
from console.deps import deps
from console.person import person, who
from console.prompts.chosen import Chosen, choose
from console.prompts.deps import prompt_deps
from console.prompts.parts import fetched, for_editors, for_readers, show, typed
from console.prompts.recorded import Recorded, recorded
from ivr.speech import codec, wav
from ivr.speech.decode import LONGEST_S, MOST_BYTES
from ivr.speech.errors import FileRefused
from ivr.speech.take import take
from models.recordings import Recording
from prompts import drafts, recordings
from prompts.contents import Spot, Value
from prompts.drafts import Change
from prompts.errors import DraftOver, Overtaken
from prompts.recorded import NONE

FIELDS_BYTES = 100_000  # of a form beside the file
SENT = "prompts.record"


@dataclass(frozen=True)
class Wrong:
    """Why the recording is not in the draft: a code for the words, and a number for them."""

    code: str
    what: str = ""


def guard(blueprint: Blueprint) -> None:
    """Refuse what is too large before it is read."""
    blueprint.url_value_preprocessor(lambda endpoint, _: _limit(request, endpoint))
    blueprint.register_error_handler(RequestEntityTooLarge, _too_large)


@for_editors
def record(id: int, language: str, key: str) -> Answer:
    """A file was sent, or what the browser's microphone took."""
    shown = choose(id)
    now = _known(shown, language, key)
    file = request.files.get("file")
    try:
        if now.obstacle:
            raise FileRefused(now.obstacle)
        audio = take(file.stream if file else BytesIO(), prompt_deps().level_dbfs)
    except FileRefused as error:
        return _section(shown, now, Wrong(error.code, error.what), 422)
    with deps().store.begin() as session:  # apart from the draft: what was sent is kept also when it is overtaken
        digest = recordings.keep(session, deps().now(), person().login, audio, (file and file.filename) or "")
    return _changed(shown, now, (digest, now.text))


@for_editors
def change(id: int, language: str, key: str) -> Answer:
    """It is taken away, confirmed for a changed text, or the edition's own again."""
    shown = choose(id)
    now, deed = _known(shown, language, key), typed("deed")
    if deed == "fits" and now.digest:
        return _changed(shown, now, (now.digest, now.text))
    if deed not in ("away", "back"):
        abort(400)
    return _changed(shown, now, NONE if deed == "away" else None)


@for_readers
def play(digest: str) -> Response:
    """The audio as callers hear it."""
    with deps().store.read() as session:
        ulaw = recordings.ulaw_of(session, digest)
    if ulaw is None:
        abort(404)
    return Response(wav.to_wav(codec.to_pcm(ulaw)), mimetype="audio/wav")


def _changed(shown: Chosen, now: Recorded, value: Value | None) -> Answer:
    """The change goes into the draft, unless somebody else was quicker."""
    assert shown.draft is not None
    id, spot = shown.draft.id, now.spot
    try:
        with deps().store.begin() as session:
            _put(session, id, now, value)
    except DraftOver:
        abort(404)
    except Overtaken:
        shown = choose(id)
        return _section(shown, _known(shown, spot.language, spot.key), Wrong("overtaken"), 409)
    if fetched():
        shown = choose(id)
        return _section(shown, _known(shown, spot.language, spot.key))
    return onward("prompts.draft", "said_saved", id=id, q=spot.key)


def _put(session: Session, id: int, now: Recorded, value: Value | None) -> None:
    """The change with its entry in the audit trail. Raises DraftOver, Overtaken."""
    at, spot = deps().now(), now.spot
    before = drafts.changes(session, id).get(spot, now.base)
    after = now.base if value is None else value
    drafts.put(session, at, person().login, id, Change(spot, None if value == now.base else value, _seen()))
    deed = Deed("recording.changed", f"draft:{id}/{spot.language}/{spot.key}", _told(before), _told(after))
    audit.note(session, at, who(), deed)


def _seen() -> int:
    return request.form.get("seen", 0, type=int)


def _told(value: Value) -> dict[str, str]:
    return dict(zip(("recording", "text"), value or ("", ""), strict=True))


def _known(shown: Chosen, language: str, key: str) -> Recorded:
    found = recorded(shown, Spot("prompt", language, key))
    if found is None:
        abort(404)
    return found


def _section(shown: Chosen, now: Recorded, wrong: Wrong | None = None, status: int = 200) -> Response:
    """The recording's part of the form; alone on a page where no script asks for it."""
    return show("recording_part" if fetched() else "recording_alone", status, shown=shown, its=now, wrong=wrong,
                saved=status == 200, known=known([now]), limits=limits())  # fmt: skip


def known(every: list[Recorded]) -> dict[str, Recording]:
    """What is known of the recordings that are shown."""
    with deps().store.read() as session:
        return dict(recordings.known(session, [one.digest for one in every if one.digest]))


def limits() -> dict[str, int]:
    """What a file may have, for the page."""
    return {"bytes": MOST_BYTES, "megabytes": MOST_BYTES // 1_000_000, "seconds": int(LONGEST_S)}


def _limit(asked: Request, endpoint: str | None) -> None:
    if endpoint == SENT:
        asked.max_content_length = MOST_BYTES + FIELDS_BYTES


def _too_large(error: RequestEntityTooLarge) -> Answer:
    """Its sentence stands beside the field as that of any other file that cannot be taken."""
    named = request.view_args or {}
    try:
        shown = choose(named["id"])
        now = _known(shown, named["language"], named["key"])
    except NotFound as gone:
        return Answer.force_type(gone.get_response())
    return _section(shown, now, Wrong("big"), 422)
