"""A sound file becomes a recording for calls: as loud as the synthesised prompts, without the silence at its ends."""

from __future__ import annotations

from typing import IO

from ivr.speech import codec, loudness
from ivr.speech.decode import decoded
from ivr.speech.errors import FileRefused
from ivr.speech.speak import PAD_AFTER_MS, PAD_BEFORE_MS
from prompts.recordings import Audio

SILENT_DBFS = -60.0  # what a microphone that is off brings
QUIET_DBFS = -45.0  # raised from here, the noise of the room would be as loud as speech
SHORTEST_MS = 200  # a short word; a click is less


def take(file: IO[bytes], level_dbfs: float) -> Audio:
    """The recording in a file, at the level of all prompts. Raises FileRefused: as `decoded`, silent, quiet, short."""
    found = decoded(file)
    before = loudness.level_dbfs(found.pcm)
    if before <= SILENT_DBFS:
        raise FileRefused("silent")
    if before < QUIET_DBFS:
        raise FileRefused("quiet", f"{before:.0f}")
    speech = loudness.without_room(found.pcm)
    if len(speech) < SHORTEST_MS * codec.RATE * 2 // 1000:
        raise FileRefused("short")
    even = loudness.levelled(speech, level_dbfs)
    ulaw = codec.silence(PAD_BEFORE_MS) + codec.to_ulaw(even) + codec.silence(PAD_AFTER_MS)
    return Audio(ulaw, before, loudness.level_dbfs(even), found.clipped)
