"""What callers heard before a draft and what they will hear with it, to be listened to side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from console.prompts.chosen import Chosen
from prompts.contents import Spot, Value
from prompts.recorded import said


@dataclass(frozen=True)
class Heard:
    """Where the audio of a prompt is, and whether the synthetic voice says it (else it is a recording)."""

    address: str
    synthetic: bool


def compared(shown: Chosen, spot: Spot) -> tuple[Heard | None, Heard | None]:
    """How a prompt, or its recording, sounds in the edition and in the draft; None: it is not said there."""
    return _heard(shown, shown.base, spot), _heard(shown, shown.contents, spot)


def _heard(shown: Chosen, every: Mapping[Spot, Value], spot: Spot) -> Heard | None:
    recording = every.get(Spot("recording", spot.language, spot.key))
    if recording:
        return Heard(url_for("prompts.play", digest=recording[0]), False)
    text = said(every, spot)
    if spot.kind == "phrases" or not text or shown.draft is None:
        return None
    address = url_for("prompts.hear", id=shown.draft.id, language=spot.language, key=spot.key, text=text)
    return Heard(address, True)
