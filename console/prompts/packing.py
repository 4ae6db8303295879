"""Prompts and phrases as files: an edition or a draft as a zip file, and a zip file as a new draft."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import Response, abort, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from console.accounts.parts import onward
from console.deps import deps
from console.person import person, who
from console.prompts.chosen import Chosen, choose
from console.prompts.deps import prompt_deps
from console.prompts.parts import for_editors, for_readers, show, typed
from ivr import filed_recordings
from ivr.filed_recordings import Filed, Unusable
from ivr.speech import decode
from prompts import editions
from prompts.body import Body
from prompts.contents import Spot
from prompts.errors import PromptError, TextError
from prompts.importing import Refused, differing, drafted
from prompts.packing import packed, unpacked

SHOWN = 20  # refused texts that are named


@for_readers
def page() -> Response:
    """What can be taken out, and the form for bringing in."""
    return _page()


@for_readers
def edition(edition: int) -> Response:
    """The files of an edition."""
    with deps().store.read() as session:
        try:
            return _zipped(session, f"edition-{edition}", editions.body_of(session, edition, prompt_deps().first))
        except PromptError:
            abort(404)


@for_readers
def draft(id: int) -> Response:
    """The files of a draft."""
    shown = choose(id)
    with deps().store.read() as session:
        return _zipped(session, f"draft-{id}", shown.body)


@for_editors
def bring_in() -> Answer:
    """A zip file was sent: what differs in it becomes a draft, whole or not at all."""
    shown, now = choose(None), deps().now()
    try:
        files, found = _sent(shown)
        changes, refused = differing(Body(files, filed_recordings.placed(found)), shown.base)
        if refused:
            return _page(refused=refused)
        with deps().store.begin() as session:
            filed_recordings.keep_all(session, now, person().login, found)
            made = drafted(session, now, person().login, (typed("name"), shown.edition), changes)
            after = {"name": made.name, "edition": made.based_on, "changes": len(changes)}
            audit.note(session, now, who(), Deed("draft.imported", f"draft:{made.id}", after=after))
    except TextError as error:
        return _page(error)
    return onward("prompts.publish_page", "said_imported", id=made.id)


def _sent(shown: Chosen) -> tuple[dict[str, str], Mapping[Spot, Filed]]:
    """The texts and recordings in the file. Raises TextError: zip_…, file_…."""
    sent = request.files.get("file")
    if not sent:
        raise TextError("zip_none")
    with tempfile.TemporaryDirectory(prefix="mitan-import-") as made:
        files = unpacked(sent.stream, Path(made))
        try:
            with deps().store.read() as session:
                every, level = {**shown.files, **files}, prompt_deps().level_dbfs
                return files, filed_recordings.read(session, level, Path(made), every)
        except Unusable as error:
            raise TextError(f"file_{error.code}", error.path) from None
        except PromptError as error:
            raise TextError("zip_yaml", str(error)[:200]) from None


def _page(problem: TextError | None = None, refused: Sequence[Refused] = ()) -> Response:
    status = 422 if problem or refused else 200
    more = max(0, len(refused) - SHOWN)
    edition = choose(None).edition
    return show("packing", status, problem=problem, refused=refused[:SHOWN], more=more, name=typed("name"),
                edition=edition, about_name=problem is not None and not problem.code.startswith(("zip_", "file_")),
                megabytes=decode.MOST_BYTES // 1_000_000, seconds=f"{decode.LONGEST_S:.0f}")  # fmt: skip


def _zipped(session: Session, name: str, body: Body) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="prompts-{name}.zip"', "Cache-Control": "no-store"}
    data = packed(body.files, dict(filed_recordings.sounds(session, body.recordings)))
    return Response(data, mimetype="application/zip", headers=headers)
