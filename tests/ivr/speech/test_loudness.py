from __future__ import annotations

import numpy as np
import pytest

from ivr.speech import loudness, wav
from tests.ivr.speech.clips import AUDIO, all_clips


def _pcm(samples: np.ndarray) -> bytes:
    return (samples * 32767).astype("<i2").tobytes()


def _noise(seconds: float, level: float) -> np.ndarray:
    return np.random.default_rng(1).normal(0, level, int(8000 * seconds)).clip(-1, 1)


def test_pauses_do_not_count_in_the_level() -> None:
    speech = _noise(1, 0.1)
    paused = np.concatenate([speech, np.zeros(16000), speech])
    assert loudness.level_dbfs(_pcm(paused)) == pytest.approx(-20, abs=0.3)


@pytest.mark.parametrize("target", [-30.0, -20.0, -14.0])
def test_all_clips_come_to_the_same_level_and_none_clips(target: float) -> None:
    for clip in all_clips()[::4]:
        spoken = loudness.levelled(wav.read_wav(AUDIO / clip.file), target)
        assert loudness.level_dbfs(spoken) == pytest.approx(target, abs=1.0), clip.file
        assert loudness.peak_dbfs(spoken) <= loudness.PEAK_DBFS


def test_silence_and_nothing_stay_what_they_are() -> None:
    assert loudness.levelled(bytes(1600), -20) == bytes(1600)
    assert loudness.levelled(b"", -20) == b""
    assert loudness.level_dbfs(b"\0") == loudness.FLOOR_DBFS


def test_silence_at_the_ends_becomes_a_short_pad() -> None:
    spoken = np.concatenate([np.zeros(8000), _noise(1, 0.1), np.zeros(16000)])
    assert len(loudness.trimmed(_pcm(spoken), 40, 80)) == 16 * (40 + 1000 + 80)
    assert len(loudness.trimmed(bytes(16000), 40, 80)) == 16 * 120


def test_a_soft_consonant_at_the_end_is_not_cut_off() -> None:
    spoken = np.concatenate([_noise(0.5, 0.2), _noise(0.1, 0.005), np.zeros(8000)])  # 32 dB softer
    assert len(loudness.trimmed(_pcm(spoken), 0, 0)) == 16 * 600
