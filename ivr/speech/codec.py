"""Telephone audio: 8 kHz mono, one byte a sample as mu-law on the wire, 16-bit little-endian PCM inside."""

from __future__ import annotations

import audioop  # standard library up to 3.12; the package audioop-lts is the same module from 3.13 on

import numpy as np
import soxr
from numpy.typing import NDArray

RATE = 8000  # samples a second
BYTES_PER_MS = 8  # of mu-law
ULAW_SILENCE = b"\xff"  # mu-law zero


def to_pcm(ulaw: bytes) -> bytes:
    """16-bit PCM of 8 kHz mu-law."""
    return audioop.ulaw2lin(ulaw, 2)


def to_ulaw(pcm: bytes) -> bytes:
    """Mu-law of 16-bit PCM; an odd last byte is dropped."""
    return audioop.lin2ulaw(pcm[: len(pcm) & ~1], 2)


def from_alaw(alaw: bytes) -> bytes:
    """16-bit PCM of A-law."""
    return audioop.alaw2lin(alaw, 2)


def seconds(ulaw: bytes) -> float:
    """Length of 8 kHz mu-law audio in seconds."""
    return len(ulaw) / RATE


def silence(ms: int) -> bytes:
    """`ms` milliseconds of mu-law silence."""
    return ULAW_SILENCE * (max(ms, 0) * BYTES_PER_MS)


def resampled(samples: NDArray[np.float32], rate: int) -> bytes:
    """8 kHz 16-bit PCM of mono float samples (-1..1) at `rate` Hz.

    soxr HQ is clean at 0.5 ms for 3 s of audio; audioop.ratecv and linear interpolation alias.
    """
    if rate != RATE:
        samples = soxr.resample(samples, rate, RATE, quality="HQ")
    return (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
