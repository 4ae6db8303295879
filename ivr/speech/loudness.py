"""Loudness of speech: measured over its voiced parts, evened to one level, silence at its ends cut to a short pad.

All audio here is 8 kHz 16-bit PCM; levels are dBFS (decibels below full scale, RMS).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.speech.codec import RATE

FLOOR_DBFS = -96.0  # what silence measures
PEAK_DBFS = -2.0  # no sample is raised above this; a mu-law line clips near 0
_FRAME = RATE // 50  # 20 ms
_SPEECH_BELOW_LOUDEST_DB = 25.0  # frames this far under the loudest are pauses, not speech
_EDGE_BELOW_LOUDEST_DB = 45.0  # ... and these are silence: an unvoiced "s" or "फ" at an end lies between the two

_ROOM_SHARE, _ABOVE_ROOM_DB = 0.05, 6.0  # the quietest frames, and what is louder than those
_LEAD, _TAIL = 2, 5  # frames kept around it: a word begins and dies away under the room's noise


def level_dbfs(pcm: bytes) -> float:
    """RMS level of the voiced parts in dBFS; FLOOR_DBFS for silence."""
    levels = _frame_levels(_samples(pcm))
    if not len(levels):
        return FLOOR_DBFS
    speech = levels[levels > max(levels.max() - _SPEECH_BELOW_LOUDEST_DB, FLOOR_DBFS)]
    return float(10 * np.log10(np.mean(10 ** (speech / 10)))) if len(speech) else FLOOR_DBFS


def peak_dbfs(pcm: bytes) -> float:
    """Level of the highest sample in dBFS."""
    samples = _samples(pcm)
    top = float(np.abs(samples).max()) if len(samples) else 0.0
    return 20 * float(np.log10(top)) if top else FLOOR_DBFS


def levelled(pcm: bytes, target_dbfs: float) -> bytes:
    """The same speech at `target_dbfs`; peaks that would pass PEAK_DBFS are bent, not cut. Silence stays silence."""
    level = level_dbfs(pcm)
    if level <= FLOOR_DBFS:
        return pcm
    raised = _bent(_samples(pcm) * np.float32(10 ** ((target_dbfs - level) / 20)))
    return bytes((raised * 32767).astype("<i2").tobytes())


def trimmed(pcm: bytes, before_ms: int = 40, after_ms: int = 80) -> bytes:
    """Speech without the silence at its ends, but for a pad; audio that is all silence becomes the two pads."""
    samples = _samples(pcm)
    levels = _frame_levels(samples)
    loud = np.nonzero(levels > max(levels.max(initial=FLOOR_DBFS) - _EDGE_BELOW_LOUDEST_DB, FLOOR_DBFS))[0]
    first, last = (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)
    speech = pcm[first * _FRAME * 2 : last * _FRAME * 2]
    return bytes(2 * RATE * before_ms // 1000) + speech + bytes(2 * RATE * after_ms // 1000)


def without_room(pcm: bytes) -> bytes:
    """What a microphone took, without the room before and after the speech. The room is never quite silent: what is as
    quiet as the quietest moments is taken for it."""
    levels = _frame_levels(_samples(pcm))
    if not len(levels):
        return b""
    top = levels.max()
    room = float(np.quantile(levels, _ROOM_SHARE)) + _ABOVE_ROOM_DB
    edge = min(max(room, top - _EDGE_BELOW_LOUDEST_DB), top - _SPEECH_BELOW_LOUDEST_DB)
    loud = np.nonzero(levels > max(edge, FLOOR_DBFS))[0]
    first, last = (max(int(loud[0]) - _LEAD, 0), int(loud[-1]) + 1 + _TAIL) if len(loud) else (0, 0)
    return pcm[first * _FRAME * 2 : last * _FRAME * 2]


def _samples(pcm: bytes) -> NDArray[np.float32]:
    return np.asarray(np.frombuffer(pcm[: len(pcm) & ~1], "<i2") / 32768, np.float32)


def _frame_levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    padded = np.pad(samples, (0, -len(samples) % _FRAME)).reshape(-1, _FRAME).astype(np.float64)
    power = np.square(padded).mean(axis=1)
    return np.asarray(np.maximum(10 * np.log10(power + 1e-12), FLOOR_DBFS))


def _bent(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Above a knee 4 dB under the limit, samples approach the limit smoothly (tanh)."""
    limit = 10 ** (PEAK_DBFS / 20)
    knee = limit * 10 ** (-4 / 20)
    size = np.abs(samples)
    room = limit - knee
    soft = knee + room * np.tanh((size - knee) / room)
    return np.asarray(np.where(size > knee, np.sign(samples) * soft, samples), np.float32)
