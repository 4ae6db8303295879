"""Bad telephone lines: clips with noise added at a given distance, and with 20 ms frames lost on the way."""

from __future__ import annotations

import audioop  # from audioop-lts where Python has it no more
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

import numpy as np

from bench.spoken import TESTS, Case
from ivr.line import FRAME_BYTES
from ivr.speech import codec, wav

SILENCE = codec.silence(20)
LOUD = 200  # RMS of 16-bit samples: louder frames of these clean clips are speech
BURST = 5  # frames lost in a row on a line that loses them in bursts: 100 ms
Line = Callable[[bytes, random.Random], bytes]


def frames(ulaw: bytes) -> list[bytes]:
    """The 20 ms frames of a clip; the last may be shorter."""
    return [ulaw[at : at + FRAME_BYTES] for at in range(0, len(ulaw), FRAME_BYTES)]


def speech_rms(ulaw: bytes) -> float:
    """The loudness of its speech: RMS of 16-bit samples over the frames that are not pauses."""
    levels = [audioop.rms(codec.to_pcm(f), 2) for f in frames(ulaw)]
    loud = [level for level in levels if level > LOUD]
    return float(np.sqrt(np.mean(np.square(loud)))) if loud else 0.0


@cache
def _noise(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(codec.to_pcm(codec.to_ulaw(wav.read_wav(TESTS / "audio" / f"noise-{name}.wav"))), "<i2") * 1.0


def noisy(ulaw: bytes, rng: random.Random, name: str, snr_db: float) -> bytes:
    """`ulaw` with the noise `name` of tests/audio from a random place on, its speech `snr_db` above it."""
    noise = _noise(name)
    clean = np.frombuffer(codec.to_pcm(ulaw), "<i2") * 1.0
    begin = rng.randrange(len(noise))
    added = np.resize(np.roll(noise, -begin), len(clean))
    scale = speech_rms(ulaw) / 10 ** (snr_db / 20) / max(float(np.sqrt(np.mean(np.square(noise)))), 1.0)
    return codec.to_ulaw(np.clip(clean + added * scale, -32768, 32767).astype("<i2").tobytes())


def lossy(ulaw: bytes, rng: random.Random, share: float, burst: int = 1) -> bytes:
    """`ulaw` with about `share` (0-1) of its frames lost, `burst` in a row; silence comes in their place."""
    out, lose = [], 0
    for frame in frames(ulaw):
        if not lose and rng.random() < share / (burst - (burst - 1) * share):
            lose = burst
        out.append(SILENCE[: len(frame)] if lose else frame)
        lose = max(0, lose - 1)
    return b"".join(out)


LINES: Mapping[str, Line] = {
    "clean": lambda ulaw, rng: ulaw,
    **{f"babble {db} dB": partial(noisy, name="babble", snr_db=db) for db in (20, 10, 5)},
    **{f"hum {db} dB": partial(noisy, name="line", snr_db=db) for db in (20, 10)},
    **{f"loss {share:.0%}": partial(lossy, share=share) for share in (0.02, 0.05, 0.1)},
    **{f"loss {share:.0%} in bursts": partial(lossy, share=share, burst=BURST) for share in (0.05, 0.1)},
}


def over(line: str, case: Case, seed: int = 14545) -> Case:
    """A case as it comes over a line; the same at every run."""
    return replace(case, audio=LINES[line](case.audio, random.Random(f"{seed} {line} {case.name}")))
