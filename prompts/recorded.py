"""Which recording is played in place of which prompt, beside the texts and phrases of an edition.

Every prompt has a spot for its recording. What stands there is the digest of the audio and the text of the prompt when
it was recorded, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prompts.contents import Spot, Value, contents
from prompts.template import placeholders

NONE: Value = ()
PIECES = ("department.", "document.", "ground.", "kind.", "topic.", "whisper.")  # put into sentences, never said alone
WHOLE = ("whisper.accept",)


def spot_of(prompt: Spot) -> Spot:
    """Where the recording of a prompt stands."""
    return Spot("recording", prompt.language, prompt.key)


def whole(files: Mapping[str, str], recordings: Mapping[Spot, Value]) -> dict[Spot, Value]:
    """All that stands in an edition: texts, phrases, and for each prompt its recording. Raises PromptError."""
    found = contents(files)
    places = [spot_of(spot) for spot in found if spot.kind == "prompt"]
    return {**found, **{spot: recordings.get(spot, NONE) for spot in places}}


def played(every: Mapping[Spot, Value]) -> dict[Spot, Value]:
    """The recordings among all that stands in an edition."""
    return {spot: value for spot, value in every.items() if spot.kind == "recording" and value}


def stale(every: Mapping[Spot, Value]) -> list[Spot]:
    """Prompts whose text is another one than was recorded."""
    return [Spot("prompt", s.language, s.key) for s, v in played(every).items() if differs(v, said(every, s))]


def said(every: Mapping[Spot, Value], spot: Spot) -> str:
    """The text of the prompt that a recording stands for."""
    return " ".join(every.get(Spot("prompt", spot.language, spot.key), ()))


def differs(recording: Value, text: str) -> bool:
    """Whether a recording was made of another text."""
    return bool(recording) and recording[1:] != (text,)


def obstacle(key: str, text: str) -> str:
    """Why no recording can stand for a prompt: "values" that are others in each call, or a "piece" of other sentences;
    "": it can."""
    if placeholders(text):
        return "values"
    return "piece" if key.startswith(PIECES) and key not in WHOLE else ""


def digests(recordings: Mapping[Spot, Value]) -> dict[tuple[str, str], str]:
    """The digests by language and key."""
    return {(spot.language, spot.key): value[0] for spot, value in recordings.items() if value}


def as_json(recordings: Mapping[Spot, Value]) -> dict[str, Any]:
    """As an edition keeps it: "hi/help.ask": [digest, text]."""
    return {f"{spot.language}/{spot.key}": list(value) for spot, value in recordings.items() if value}


def of_json(kept: Mapping[str, Any]) -> dict[Spot, Value]:
    """The same back."""
    places = ((name.partition("/"), value) for name, value in kept.items())
    return {Spot("recording", language, key): tuple(value) for (language, _, key), value in places}
