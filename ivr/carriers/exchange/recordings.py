"""What callers recorded, as WAV files by SID; only the last ones are kept, in memory."""

from __future__ import annotations

import io
import secrets
import wave
from collections import OrderedDict

from ivr.speech import codec

KEPT = 100  # recordings; each is up to a few hundred kB, and the application fetches them at once


class Recordings:
    """The carrier's store of recordings."""

    def __init__(self) -> None:
        self._wavs: OrderedDict[str, bytes] = OrderedDict()

    def keep(self, audio: bytes) -> str:
        """Keep mu-law `audio`; its SID."""
        sid = f"RE{secrets.token_hex(16)}"
        self._wavs[sid] = wav_of(audio)
        while len(self._wavs) > KEPT:
            self._wavs.popitem(last=False)
        return sid

    def get(self, sid: str) -> bytes | None:
        """The WAV of a recording."""
        return self._wavs.get(sid)


def wav_of(audio: bytes) -> bytes:
    """8 kHz 16-bit WAV of mu-law, as Twilio serves recordings."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(codec.RATE)
        file.writeframes(codec.to_pcm(audio))
    return out.getvalue()
