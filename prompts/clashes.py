"""Where two sets of changes of the same edition cannot both hold.

A text and its recording are heard as one: who changes the text makes the recording of another side say the old words,
and who records it makes another side's text unheard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prompts.contents import Spot, Value, is_name
from prompts.rebasing import both_changed
from prompts.recorded import NONE, differs, spot_of

Contents = Mapping[Spot, Value]


def changes_of(base: Contents, new: Contents) -> dict[Spot, Value]:
    """What `new` says otherwise than `base`, of what both know; names of services and cities one of them may lack."""
    names = {spot: NONE for spot in base if is_name(spot) and spot not in new}
    return {spot: value for spot, value in {**new, **names}.items() if _before(base, spot, value) != value}


def clashing(ours: Contents, base: Contents, theirs: Contents) -> list[Spot]:
    """Spots of our changes of `base` that cannot hold together with what `theirs` makes of it."""
    both = set(both_changed(ours, base, theirs))
    return [spot for spot in ours if spot in both or _torn(spot, ours, base, theirs)]


def with_other_halves(spots: Iterable[Spot]) -> set[Spot]:
    """The spots, with the recording of each text among them, and the text of each recording."""
    return {half for spot in spots for half in (spot, _other(spot))}


def _before(base: Contents, spot: Spot, value: Value) -> Value:
    return base.get(spot, NONE if is_name(spot) else value)


def _other(spot: Spot) -> Spot:
    if spot.kind == "recording":
        return Spot("prompt", spot.language, spot.key)
    return spot_of(spot) if spot.kind == "prompt" else spot


def _torn(spot: Spot, ours: Contents, base: Contents, theirs: Contents) -> bool:
    """Whether one side has changed a text, the other its recording, and the recording does not say the text."""
    other = _other(spot)
    if other in ours or theirs.get(other) == base.get(other) or theirs.get(spot) == ours[spot]:
        return False
    halves = {spot.kind: ours[spot], other.kind: theirs.get(other, NONE)}
    return differs(halves["recording"], " ".join(halves["prompt"]))
