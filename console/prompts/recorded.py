"""The recording beside a text on the pages: what is played, what the edition plays, and whether the words still fit."""

from __future__ import annotations

from dataclasses import dataclass

from console.prompts.chosen import Chosen
from models.drafts import DraftEntry
from prompts.contents import Spot, Value
from prompts.recorded import NONE, differs, obstacle, said, spot_of


@dataclass(frozen=True)
class Recorded:
    """A prompt's recording in one language: what stands there, what the edition has, over which text, and who changed
    it."""

    spot: Spot
    value: Value
    base: Value
    text: str
    entry: DraftEntry | None

    @property
    def digest(self) -> str:
        """The digest of what is played; "": nothing, the text is spoken."""
        return self.value[0] if self.value else ""

    @property
    def changed(self) -> bool:
        """Whether the draft plays something else than the edition."""
        return self.value != self.base

    @property
    def stale(self) -> bool:
        """Whether the text is another one than was recorded."""
        return differs(self.value, self.text)

    @property
    def obstacle(self) -> str:
        """Why no recording can stand for the text, "": it can."""
        return obstacle(self.spot.key, self.text)

    @property
    def seen(self) -> int:
        """The version of the draft's entry; 0: there is none."""
        return self.entry.version if self.entry else 0


def recorded(shown: Chosen, prompt: Spot) -> Recorded | None:
    """The recording of a prompt; None: it is no prompt of the edition."""
    spot = spot_of(prompt)
    if prompt.kind != "prompt" or spot not in shown.base:
        return None
    value, base = shown.contents.get(spot, NONE), shown.base.get(spot, NONE)
    return Recorded(spot, value, base, said(shown.contents, spot), shown.entries.get(spot))
