"""A voice note that the carrier recorded: its WAV as telephone audio, and how much of it is speech."""

from __future__ import annotations

from ivr.line import FRAME_BYTES
from ivr.speech import codec, wav
from ivr.speech.activity import Activity


def note_of(data: bytes, vad_mode: int) -> tuple[bytes, float]:
    """The mu-law audio of a recording's WAV and the seconds of speech in it. Raises ivr.speech.errors.BadAudio."""
    audio = codec.to_ulaw(wav.pcm_of(data))
    activity = Activity(vad_mode)
    frames = [audio[i : i + FRAME_BYTES] for i in range(0, len(audio), FRAME_BYTES)]
    return audio, sum(map(activity.feed, frames)) * 0.02
