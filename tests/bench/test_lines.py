"""Noise and losses are as large as they are said to be."""

from __future__ import annotations

import random

import numpy as np
import pytest

from bench.lines import FRAME_BYTES, LINES, SILENCE, frames, lossy, noisy, over, speech_rms
from bench.spoken import clips
from ivr.speech.codec import to_pcm

CASE = next(c for c in clips() if c.name == "hi-03-intent.wav")


@pytest.mark.parametrize("snr_db", [20.0, 10.0, 5.0])
def test_noise_is_as_far_below_the_speech_as_asked(snr_db: float) -> None:
    over_line = noisy(CASE.audio, random.Random(1), "line", snr_db)
    clean, loud = (np.frombuffer(to_pcm(audio), "<i2") * 1.0 for audio in (CASE.audio, over_line))
    added = float(np.sqrt(np.mean(np.square(loud - clean))))
    assert 20 * np.log10(speech_rms(CASE.audio) / added) == pytest.approx(snr_db, abs=1.5)


@pytest.mark.parametrize(("share", "burst"), [(0.05, 1), (0.1, 1), (0.1, 5)])
def test_as_many_frames_are_lost_as_asked(share: float, burst: int) -> None:
    long = bytes(FRAME_BYTES) * 20_000
    got = frames(lossy(long, random.Random(7), share, burst))
    lost = [frame == SILENCE for frame in got]
    assert sum(lost) / len(lost) == pytest.approx(share, abs=0.02)
    runs = sum(now and not before for now, before in zip(lost, [False, *lost], strict=False))
    assert sum(lost) / runs == pytest.approx(burst, rel=0.25)


def test_a_line_changes_sound_only_and_the_same_at_every_run() -> None:
    for line in LINES:
        case = over(line, CASE)
        assert (case.text, len(case.audio)) == (CASE.text, len(CASE.audio))
        assert (case.audio == CASE.audio) == (line == "clean")
        assert over(line, CASE) == case
