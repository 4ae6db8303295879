from __future__ import annotations

import numpy as np

from ivr.speech import codec


def _tone(hz: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def _level_db(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, "<i2")[400:-400] / 32768
    return 10 * float(np.log10(np.mean(samples**2) + 1e-12))


def test_every_mu_law_byte_survives_the_way_to_pcm_and_back() -> None:
    every = bytes(set(range(256)) - {0x7F})  # 0x7f is the second zero, which comes back as 0xff
    assert codec.to_ulaw(codec.to_pcm(every)) == every


def test_silence_is_silent_and_as_long_as_asked() -> None:
    assert set(np.frombuffer(codec.to_pcm(codec.silence(250)), "<i2")) == {0}
    assert codec.seconds(codec.silence(250)) == 0.25
    assert codec.silence(-5) == b""


def test_a_half_sample_at_the_end_is_dropped() -> None:
    assert len(codec.to_ulaw(bytes(321))) == 160


def test_resampling_keeps_what_a_telephone_carries_and_lets_nothing_fold_back() -> None:
    kept = _level_db(codec.resampled(_tone(1000, 22050), 22050))
    folded = _level_db(codec.resampled(_tone(6000, 22050), 22050))
    assert abs(kept - -9.03) < 0.1
    assert folded < -80
