"""Mixing 20 ms of several speakers into what one listener hears. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ivr.line import FRAME_BYTES
from ivr.speech import codec


def mixed(frames: Iterable[bytes]) -> bytes:
    """The sum of mu-law frames, clipped; empty when none of them has sound. One voice alone goes through unchanged."""
    loud = [frame for frame in frames if frame.strip(codec.ULAW_SILENCE)]
    if len(loud) < 2:
        return loud[0] if loud else b""
    total = np.zeros(FRAME_BYTES, dtype=np.int32)
    for frame in loud:
        samples = np.frombuffer(codec.to_pcm(frame), dtype="<i2")
        total[: len(samples)] += samples
    return codec.to_ulaw(np.clip(total, -32768, 32767).astype("<i2").tobytes())
