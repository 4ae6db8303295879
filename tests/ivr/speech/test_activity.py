from __future__ import annotations

import numpy as np
import pytest

from ivr.speech import codec
from ivr.speech.activity import Activity
from tests.ivr.speech.clips import Clip, all_clips, clip, frames, noise


def _voiced_ms(audio: bytes, mode: int = 2) -> int:
    activity = Activity(mode)
    return 20 * sum([activity.feed(frame) for frame in frames(audio)])


def _mixed(speech: bytes, under: bytes, level: float) -> bytes:
    """`speech` with noise under it."""
    voice = np.frombuffer(codec.to_pcm(speech), "<i2").astype(float)
    hiss = np.resize(np.frombuffer(codec.to_pcm(under), "<i2").astype(float), voice.shape)
    return codec.to_ulaw((voice + level * hiss).clip(-32767, 32767).astype("<i2").tobytes())


@pytest.mark.parametrize("mode", [0, 1, 2, 3])
def test_line_noise_with_hum_and_clicks_is_silence(mode: int) -> None:
    assert _voiced_ms(noise("line"), mode) <= 100


def test_key_tones_are_no_voice() -> None:
    assert _voiced_ms(noise("dtmf")) == 0


def test_a_hum_as_loud_as_speech_is_found_out_because_it_never_pauses() -> None:
    t = np.arange(8000 * 10) / 8000
    hum = 0.1 * np.sin(2 * np.pi * 50 * t) + 0.05 * np.sin(2 * np.pi * 150 * t)
    assert _voiced_ms(codec.to_ulaw((hum * 32767).astype("<i2").tobytes())) <= 1600


@pytest.mark.parametrize("spoken", all_clips(), ids=lambda c: c.file)
def test_every_clip_is_speech_and_its_end_is_noticed(spoken: Clip) -> None:
    activity = Activity(2)
    for frame in frames(spoken.audio + codec.silence(1000)):
        activity.feed(frame)
    assert activity.voiced_ms >= 200
    assert 1000 <= activity.silence_ms <= 2200
    assert activity.run_ms == 0


def test_speech_only_11_db_above_the_noise_is_heard_as_speech() -> None:
    quiet_line = _voiced_ms(clip("hi-03-intent").audio)
    noisy_line = _voiced_ms(_mixed(clip("hi-03-intent").audio, noise("line"), 2.0))
    assert noisy_line >= 0.6 * quiet_line


def test_silence_counts_from_the_last_word() -> None:
    activity = Activity(2)
    for frame in frames(clip("hi-26-yesno").audio):
        activity.feed(frame)
    before = activity.silence_ms
    for frame in frames(codec.silence(700)):
        activity.feed(frame)
    assert activity.silence_ms == before + 700


def test_clicks_do_not_add_up_to_a_barge_in() -> None:
    activity, click = Activity(2), bytes([0x10, 0x90] * 80)
    longest = 0
    for _ in range(100):
        for frame in [click, *frames(codec.silence(480))]:
            activity.feed(frame)
            longest = max(longest, activity.run_ms)
    assert longest < 300


def test_a_new_question_begins_from_nothing() -> None:
    activity = Activity(2)
    for frame in frames(clip("hi-03-intent").audio):
        activity.feed(frame)
    activity.reset()
    assert (activity.voiced_ms, activity.run_ms, activity.silence_ms) == (0, 0, 0)


@pytest.mark.parametrize("frame", [b"", b"\x00", b"\xff" * 159, bytes(1000)])
def test_a_frame_of_the_wrong_length_is_survived(frame: bytes) -> None:
    assert Activity(2).feed(frame) is False
