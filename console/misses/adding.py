"""Phrases typed for a list, put into a draft: what would stand there, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from booking import audit
from booking.audit import Deed
from booking.misses import handled
from booking.misses.handled import ASSIGNED, IGNORED, Mark, Place
from console.deps import deps
from console.misses.parts import nodes
from console.person import person, who
from console.prompts.chosen import Chosen, chosen
from console.prompts.deps import prompt_deps
from console.prompts.weighing import lexicon
from console.words import LANGUAGES
from ivr.misses.effects import Effect, effect
from ivr.misses.grouping import Group
from ivr.misses.report import Report
from ivr.misses.sentences import language_of
from models.drafts import Draft
from prompts import drafts, editions
from prompts.contents import Spot, Value
from prompts.drafts import Change
from prompts.errors import TextError
from prompts.wording import taken

Fresh = Mapping[Place, Mark | None]
"""Sentences to be dealt with, each with what was done about it before (None: nothing)."""


@dataclass(frozen=True)
class Typed:
    """What was typed: phrases one a line, the list they are for, the open draft (None: a new one) and its `name`."""

    phrases: str
    target: str
    draft: int | None
    name: str


def added(shown: Chosen, given: Typed) -> dict[Spot, Value]:
    """What stands in the lists with the phrases in them, Hindi and English ones each in their file.

    Raises TextError: target, already, and those of `prompts.wording`."""
    by_language: dict[str, list[str]] = {}
    spot = Spot("phrases", "", given.target)
    for phrase in taken(spot, given.phrases, (), ()):
        by_language.setdefault(language_of(phrase), []).append(phrase)
    found: dict[Spot, Value] = {}
    for language, phrases in by_language.items():
        spot = Spot("phrases", language, given.target)
        old = shown.contents.get(spot)
        if old is None:
            raise TextError("target")
        if new := tuple(dict.fromkeys((*old, *phrases)))[len(old) :]:
            found[spot] = taken(spot, "\n".join((*old, *new)), old, ())
    if not found:
        raise TextError("already")
    return {**found, **_official(shown, given.target, found)}


def _official(shown: Chosen, target: str, found: Mapping[Spot, Value]) -> dict[Spot, Value]:
    """The official name for a language without any phrase of a new service or city: a list stands in all languages or
    in none."""
    spots = (Spot("phrases", language, target) for language in LANGUAGES)
    empty = [spot for spot in spots if spot not in found and shown.contents.get(spot) == ()]
    names, (section, _, id) = prompt_deps().names, target.partition(".")
    named = names.service if section == "services" else names.city
    return {spot: (named(id, spot.language).lower(),) for spot in empty}


def looked(shown: Chosen, given: Typed, group: Group, report: Report) -> Effect:
    """What the phrases would change. Raises TextError."""
    new = added(shown, given)
    lexicons = (lexicon(shown.contents), lexicon({**shown.contents, **new}))
    return effect(lexicons, group, given.target, report.said, nodes())


def assign(session: Session, given: Typed, fresh: Fresh) -> Draft:
    """Put the phrases into the draft and mark the sentences. Raises TextError, DraftOver, Overtaken, StaleState."""
    now = deps().now()
    draft = drafts.find(session, given.draft) if given.draft else _begun(session, given.name)
    shown = chosen(session, draft.id)
    for spot, value in added(shown, given).items():
        drafts.put(session, now, person().login, draft.id, Change(spot, value, shown.seen(spot)))
        subject = f"draft:{draft.id}/{spot.language}/{spot.key}"
        before, after = (_told(shown.contents[spot]), _told(value))
        audit.note(session, now, who(), Deed("prompt.changed", subject, before, after))
    _mark(session, handled.Deed(ASSIGNED, given.target, draft.id), fresh)
    return draft


def ignore(session: Session, fresh: Fresh) -> None:
    """Nothing is to be learnt from these sentences. Raises StaleState."""
    _mark(session, handled.Deed(IGNORED), fresh)


def _mark(session: Session, deed: handled.Deed, fresh: Fresh) -> None:
    now = deps().now()
    handled.mark(session, now, person().login, deed, fresh)
    after = {"target": deed.target, "draft": deed.draft, "sentences": len(fresh)}
    node = next(iter(fresh))[0]
    audit.note(session, now, who(), Deed(f"miss.{deed.state}", f"question:{node}", after=after))


def _begun(session: Session, name: str) -> Draft:
    now = deps().now()
    made = drafts.begin(session, now, person().login, name, editions.current(session, now))
    after = {"name": made.name, "edition": made.based_on}
    audit.note(session, now, who(), Deed("draft.begun", f"draft:{made.id}", after=after))
    return made


def _told(value: Value) -> dict[str, str]:
    return {"text": "\n".join(value)}
