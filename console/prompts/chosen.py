"""What a page shows: the edition that counts now, or a draft with the edition on which it is based."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from flask import abort
from sqlalchemy.orm import Session

from console.deps import deps
from console.prompts.deps import prompt_deps
from console.words import LANGUAGES
from models.drafts import Draft, DraftEntry
from prompts import drafts, editions
from prompts.contents import Spot, Value, contents
from prompts.errors import DraftOver
from prompts.filing import filed


@dataclass(frozen=True)
class Chosen:
    """`files` of the edition `edition`, and what `draft` changes of it (None: no draft, nothing)."""

    edition: int
    files: Mapping[str, str]
    draft: Draft | None
    entries: Mapping[Spot, DraftEntry]

    @cached_property
    def base(self) -> Mapping[Spot, Value]:
        """What stands in the edition."""
        return standing(self.files)

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
        return filed(self.files, self.changes)


def standing(found: Mapping[str, str]) -> dict[Spot, Value]:
    """What stands in files, with empty lists for the services and cities of the catalogue that have no phrases yet."""
    made, catalogue = contents(found), prompt_deps().names.catalogue
    ids: Mapping[str, Iterable[str]] = {"services": catalogue.service, "cities": catalogue.city}
    for section, language in product(ids, LANGUAGES):
        for id in ids[section]:
            made.setdefault(Spot("phrases", language, f"{section}.{id}"), ())
    return made


def choose(id: int | None) -> Chosen:
    """The draft `id`; None: the edition that counts now. Answers 404 when the draft is over."""
    with deps().store.read() as session:
        return chosen(session, id)


def chosen(session: Session, id: int | None) -> Chosen:
    """The same, in a session."""
    if id is None:
        edition = editions.current(session, deps().now())
        return Chosen(edition, files(session, edition), None, {})
    try:
        draft = drafts.find(session, id)
    except DraftOver:
        abort(404)
    return Chosen(draft.based_on, files(session, draft.based_on), draft, drafts.entries(session, id))


def files(session: Session, edition: int) -> Mapping[str, str]:
    """The files of an edition."""
    return editions.files_of(session, edition, prompt_deps().first)
