"""What a page shows: the edition that counts now, or a draft with the edition on which it is based."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import abort
from sqlalchemy.orm import Session

from console.deps import deps
from console.prompts.deps import prompt_deps
from ivr.names import ids_of
from models.drafts import Draft, DraftEntry
from prompts import drafts, editions
from prompts.body import Body
from prompts.contents import Spot, Value, with_names
from prompts.errors import DraftOver
from prompts.filing import filed
from prompts.recorded import played, whole


@dataclass(frozen=True)
class Chosen:
    """`files` and `recordings` of the edition `edition`, and what `draft` changes of it (None: no draft, nothing)."""

    edition: int
    files: Mapping[str, str]
    recordings: Mapping[Spot, Value]
    draft: Draft | None
    entries: Mapping[Spot, DraftEntry]

    @cached_property
    def base(self) -> Mapping[Spot, Value]:
        """What stands in the edition."""
        return standing(self.files, self.recordings)

    @cached_property
    def changes(self) -> Mapping[Spot, Value]:
        """What the draft changes of what there is."""
        rows = self.entries.items()
        return {spot: tuple(row.value) for spot, row in rows if row.value is not None and spot in self.base}

    @cached_property
    def contents(self) -> Mapping[Spot, Value]:
        """What stands there with the changes."""
        return {**self.base, **self.changes}

    def seen(self, spot: Spot) -> int:
        """The version of a spot's entry; 0: there is none."""
        row = self.entries.get(spot)
        return row.version if row else 0

    def filed(self) -> dict[str, str]:
        """The files with the changes in them."""
        return filed(self.files, {spot: value for spot, value in self.changes.items() if spot.kind != "recording"})

    @property
    def body(self) -> Body:
        """Files and recordings with the changes in them."""
        return Body(self.filed(), played(self.contents))


def standing(found: Mapping[str, str], recordings: Mapping[Spot, Value]) -> dict[Spot, Value]:
    """What stands in an edition, with empty lists for services and cities of the catalogue without phrases."""
    return with_names(whole(found, recordings), ids_of(prompt_deps().names.catalogue))


def choose(id: int | None) -> Chosen:
    """The draft `id`; None: the edition that counts now. Answers 404 when the draft is over."""
    with deps().store.read() as session:
        return chosen(session, id)


def chosen(session: Session, id: int | None) -> Chosen:
    """The same, in a session."""
    if id is None:
        edition = editions.current(session, deps().now())
        return Chosen(edition, *_of(session, edition), None, {})
    try:
        draft = drafts.find(session, id)
    except DraftOver:
        abort(404)
    return Chosen(draft.based_on, *_of(session, draft.based_on), draft, drafts.entries(session, id))


def contents_of(session: Session, edition: int) -> Mapping[Spot, Value]:
    """All that stands in an edition."""
    return standing(*_of(session, edition))


def _of(session: Session, edition: int) -> tuple[Mapping[str, str], Mapping[Spot, Value]]:
    """The files and recordings of an edition."""
    return editions.files_of(session, edition, prompt_deps().first), editions.recordings_of(session, edition)
