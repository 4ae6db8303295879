"""What an edition or a draft consists of: prompt files, and the recordings that are played in place of prompts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from prompts.contents import Spot, Value
from prompts.filing import filed
from prompts.recorded import played, whole


@dataclass(frozen=True)
class Body:
    """`files` (path below `prompts/`: text), and `recordings` under their spots (digest and the text recorded)."""

    files: Mapping[str, str]
    recordings: Mapping[Spot, Value] = field(default_factory=dict)

    @property
    def every(self) -> dict[Spot, Value]:
        """All that stands in it: texts, phrases, and for each prompt its recording or none. Raises PromptError."""
        return whole(self.files, self.recordings)

    def changed(self, changes: Mapping[Spot, Value]) -> Body:
        """The same with changes of texts, phrases and recordings. Raises PromptError for what stands nowhere."""
        texts = {spot: value for spot, value in changes.items() if spot.kind != "recording"}
        return Body(filed(self.files, texts), played({**self.recordings, **changes}))
