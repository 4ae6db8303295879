"""A set of prompt files becomes a draft: what differs in it from an edition, each text checked as if it were typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.drafts import Draft
from prompts.body import Body
from prompts.contents import Spot, Value, contents
from prompts.drafts import Change, begin, put
from prompts.errors import PromptError, TextError
from prompts.wording import taken

Contents = Mapping[Spot, Value]


@dataclass(frozen=True)
class Refused:
    """A text that cannot be taken over, and why."""

    spot: Spot
    why: TextError


def differing(body: Body, base: Contents) -> tuple[dict[Spot, Value], Sequence[Refused]]:
    """What `body` says otherwise than `base`, and what of it cannot be taken. What it leaves out stays as it is.
    Raises TextError: zip_yaml (a file cannot be read), zip_same (nothing differs)."""
    try:
        given = {**contents(body.files), **body.recordings}
    except PromptError as error:
        raise TextError("zip_yaml", str(error)[:200]) from None
    found: dict[Spot, Value] = {}
    refused: list[Refused] = []
    for spot, value in given.items():
        try:
            if value != base.get(spot):
                found[spot] = _taken(spot, value, base)
        except TextError as why:
            refused.append(Refused(spot, why))
    changed = {spot: value for spot, value in found.items() if value != base[spot]}
    if not changed and not refused:
        raise TextError("zip_same")
    return changed, refused


def drafted(session: Session, now: datetime, author: str, draft: tuple[str, int], changes: Contents) -> Draft:
    """A new draft (its name, the edition it is based on) with the changes. Raises TextError as `drafts.begin`."""
    made = begin(session, now, author, *draft)
    for spot, value in changes.items():
        put(session, now, author, made.id, Change(spot, value, 0))
    return made


def _taken(spot: Spot, value: Value, base: Contents) -> Value:
    if spot not in base:
        raise TextError("stranger")
    if spot.kind == "recording":
        return value
    known = [
        part for other, texts in base.items() if (other.kind, other.key) == (spot.kind, spot.key) for part in texts
    ]
    return taken(spot, "\n".join(value), known, base[spot])
