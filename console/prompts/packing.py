"""Prompts and phrases as files: an edition or a draft as a zip file, and a zip file as a new draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, abort, request
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from console.accounts.parts import onward
from console.deps import deps
from console.person import person, who
from console.prompts.chosen import choose
from console.prompts.deps import prompt_deps
from console.prompts.parts import for_editors, for_readers, show, typed
from prompts import editions
from prompts.body import Body
from prompts.errors import PromptError, TextError
from prompts.importing import Refused, differing, drafted
from prompts.packing import MOST_BYTES, packed, unpacked

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
            return _zipped(f"edition-{edition}", editions.files_of(session, edition, prompt_deps().first))
        except PromptError:
            abort(404)


@for_readers
def draft(id: int) -> Response:
    """The files of a draft."""
    return _zipped(f"draft-{id}", choose(id).filed())


@for_editors
def bring_in() -> Answer:
    """A zip file was sent: what differs in it becomes a draft, whole or not at all."""
    shown, now = choose(None), deps().now()
    try:
        changes, refused = differing(Body(unpacked(_sent())), shown.base)
        if refused:
            return _page(refused=refused)
        with deps().store.begin() as session:
            made = drafted(session, now, person().login, (typed("name"), shown.edition), changes)
            after = {"name": made.name, "edition": made.based_on, "changes": len(changes)}
            audit.note(session, now, who(), Deed("draft.imported", f"draft:{made.id}", after=after))
    except TextError as error:
        return _page(error)
    return onward("prompts.publish_page", "said_imported", id=made.id)


def _sent() -> bytes:
    """Raises TextError: zip_none, zip_big."""
    sent = request.files.get("file")
    data = sent.stream.read(MOST_BYTES + 1) if sent else b""
    if not data:
        raise TextError("zip_none")
    return data


def _page(problem: TextError | None = None, refused: Sequence[Refused] = ()) -> Response:
    status = 422 if problem or refused else 200
    more = max(0, len(refused) - SHOWN)
    edition = choose(None).edition
    return show("packing", status, problem=problem, refused=refused[:SHOWN], more=more, name=typed("name"),
                edition=edition, about_name=problem is not None and not problem.code.startswith("zip_"))  # fmt: skip


def _zipped(name: str, found: Mapping[str, str]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="prompts-{name}.zip"', "Cache-Control": "no-store"}
    return Response(packed(found), mimetype="application/zip", headers=headers)
