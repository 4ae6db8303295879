"""The exchange's own sounds, as 8 kHz mu-law: Indian ringing and busy tones, the beep before a recording."""

from __future__ import annotations

import numpy as np

from ivr.speech import codec

LEVEL = 0.12  # of full scale: a tone must not startle


def _tone(hz: float, ms: int, flutter_hz: float = 0.0) -> bytes:
    t = np.arange(ms * codec.BYTES_PER_MS) / codec.RATE
    wave = np.sin(2 * np.pi * hz * t) * (np.cos(np.pi * flutter_hz * t) if flutter_hz else 1.0)
    return codec.to_ulaw((wave * LEVEL * 32767).astype("<i2").tobytes())


def ringing() -> bytes:
    """One cycle (3 s): 400 Hz modulated by 25 Hz, 0.4 s on, 0.2 s off, 0.4 s on, 2 s off."""
    ring = _tone(400, 400, 25)
    return ring + codec.silence(200) + ring + codec.silence(2000)


def busy() -> bytes:
    """One cycle (1.5 s): 400 Hz, 0.75 s on, 0.75 s off."""
    return _tone(400, 750) + codec.silence(750)


def beep() -> bytes:
    """0.2 s of 1000 Hz."""
    return _tone(1000, 200)
