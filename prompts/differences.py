"""What is different between two sets of prompts and phrases, old beside new, down to the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from prompts.contents import Spot, Value

Part = tuple[Literal["same", "gone", "new"], str]


@dataclass(frozen=True)
class Difference:
    """One spot: what stood there and what stands there now (None: nothing), and the parts of both."""

    spot: Spot
    old: Value | None
    new: Value | None

    @property
    def parts(self) -> Sequence[Part]:
        """The words in their order, each same, gone or new; of phrases one part each."""
        if self.spot.kind == "phrases":
            return _compared(list(self.old or ()), list(self.new or ()))
        return _joined(_compared(" ".join(self.old or ()).split(), " ".join(self.new or ()).split()))


def differences(old: Mapping[Spot, Value], new: Mapping[Spot, Value]) -> list[Difference]:
    """All spots that differ, in the order of the new set."""
    spots = [*new, *(spot for spot in old if spot not in new)]
    return [Difference(s, old.get(s), new.get(s)) for s in spots if old.get(s) != new.get(s)]


def _compared(old: list[str], new: list[str]) -> list[Part]:
    found: list[Part] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [("same", word) for word in old[i:j]]
        else:
            found += [("gone", word) for word in old[i:j]]
            found += [("new", word) for word in new[k:m]]
    return found


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Neighbours of a kind as one part."""
    made: list[Part] = []
    for kind, word in parts:
        if made and made[-1][0] == kind:
            made[-1] = (kind, f"{made[-1][1]} {word}")
        else:
            made.append((kind, word))
    return made
