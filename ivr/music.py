"""The music that callers hear while they wait: a quiet melody of our own, so that nobody's rights are touched."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ivr.speech import codec, wav

BEAT_S = 0.6
LEVEL = 0.14  # of full scale: under a voice, and no strain over minutes
# Bhupali, five tones: semitones over SA, one a beat, 24 s in all.
MELODY = (
    *(0, 2, 4, 7, 9, 7, 4, 2, 0, 4, 7, 9, 12, 9, 7, 4, 2, 4, 7, 4),
    *(2, 0, 2, 4, 7, 9, 12, 14, 12, 9, 7, 9, 12, 9, 7, 4, 7, 4, 2, 0),
)
DRONE = (0, 7)  # SA and PA, softly beneath
SA_HZ = 261.6


def _tone(semitones: float, seconds: float, fade_s: float) -> NDArray[np.float64]:
    """A plucked tone: the overtones die away first."""
    t = np.arange(int(seconds * codec.RATE)) / codec.RATE
    hz = SA_HZ * 2 ** (semitones / 12)
    partials = ((1, 1.0), (2, 0.4), (3, 0.15))
    wave: NDArray[np.float64] = sum(
        (loud * np.sin(2 * np.pi * hz * n * t) * np.exp(-t * n / fade_s) for n, loud in partials), np.zeros(len(t))
    )
    return wave * np.minimum(1.0, t / 0.01)


@cache
def music() -> bytes:
    """The melody as 8 kHz mu-law; it can be played over and over."""
    beat = int(BEAT_S * codec.RATE)
    out = np.zeros(beat * len(MELODY))
    for number, semitones in enumerate(MELODY):
        _lay(out, _tone(semitones, 3 * BEAT_S, 0.7), number * beat)
        if number % 4 == 0:
            for low in DRONE:
                _lay(out, 0.35 * _tone(low - 12, 4.5 * BEAT_S, 2.0), number * beat)
    out *= LEVEL / np.abs(out).max()
    return codec.to_ulaw((out * 32767).astype("<i2").tobytes())


def _lay(out: NDArray[np.float64], wave: NDArray[np.float64], at: int) -> None:
    """Add a tone; what rings beyond the end rings on at the beginning."""
    where = (np.arange(len(wave)) + at) % len(out)
    out[where] += wave


@cache
def music_wav() -> bytes:
    """The melody as a WAV."""
    return wav.to_wav(codec.to_pcm(music()))
