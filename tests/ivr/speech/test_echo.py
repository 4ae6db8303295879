"""Our own prompt in the caller's microphone: quieter, later, muffled, ringing, alone or under the caller's voice."""

from __future__ import annotations

import time
from functools import cache

import numpy as np
import pytest

from ivr.settings import Settings
from ivr.speech.activity import RUN_GAP_MS, Activity
from ivr.speech.codec import silence, to_pcm, to_ulaw
from ivr.speech.echo import Echo
from tests.ivr.speech.clips import all_clips, clip, frames

SPEECH = Settings().speech
FRAME_S = 0.02
SAID = ("hi-03-intent", "hi-04-intent", "hi-05-intent", "hi-08-intent")  # what our voice says in these tests
NOISE_DBFS = -60.0


@cache
def prompt() -> bytes:
    return b"".join(clip(name).audio for name in SAID)


def microphone(level_db: float, delay_ms: int, own: bytes = b"", at_ms: int = 0) -> bytes:
    """The prompt as a speakerphone sends it back, with the caller's `own` voice from `at_ms` on."""
    said = np.convolve(_samples(prompt()), [0.4, 0.3, 0.2, 0.1], "same") * 10 ** (level_db / 20)
    heard = np.random.default_rng(1).standard_normal(len(said) + 12_000) * 32768 * 10 ** (NOISE_DBFS / 20)
    for after_ms, share in ((0, 1.0), (40, 0.4), (90, 0.25), (160, 0.15)):
        at = (delay_ms + after_ms) * 8
        heard[at : at + len(said)] += share * said
    voice = _samples(own)
    heard[at_ms * 8 : at_ms * 8 + len(voice)] += voice
    return to_ulaw(np.clip(heard, -32767, 32767).astype("<i2").tobytes())


def _samples(ulaw: bytes) -> np.ndarray:
    return np.frombuffer(to_pcm(ulaw), "<i2").astype(float)


def voiced(heard: bytes, ahead_s: float = 0.0, with_echo: bool = True) -> list[bool]:
    """Which frames are taken for the caller's speech; the prompt was sent `ahead_s` before the first of them."""
    echo, activity, out = Echo(), Activity(SPEECH.vad_mode), []
    echo.play(prompt(), 10.0)
    for number, frame in enumerate(frames(heard), 1):
        echo.hear(frame)
        speech = activity.feed(frame)
        out.append(speech and not (with_echo and echo.explains(10.0 + ahead_s + number * FRAME_S)))
    return out


def longest_s(marks: list[bool]) -> float:
    """The longest run of speech as barge-in counts it, seconds."""
    best = run = quiet = 0
    for mark in marks:
        run, quiet = (run + 1, 0) if mark else (run, quiet + 1)
        run = 0 if quiet * 20 > RUN_GAP_MS else run
        best = max(best, run)
    return best * FRAME_S


@pytest.mark.parametrize("delay_ms", [0, 60, 240, 480])
@pytest.mark.parametrize("level_db", [-6, -12, -20])
def test_the_prompt_alone_in_the_microphone_does_not_stop_itself(level_db: float, delay_ms: int) -> None:
    heard = microphone(level_db, delay_ms)
    assert longest_s(voiced(heard, with_echo=False)) > 2  # it would
    left = voiced(heard)
    assert longest_s(left) <= SPEECH.barge_in_ms / 1000
    assert sum(left) <= 0.12 * sum(voiced(heard, with_echo=False))


@pytest.mark.parametrize("name", ["hi-17-city", "hi-11-service", "en-10-city", "hi-23-slot", "hi-36-command"])
@pytest.mark.parametrize("level_db", [-12, -20])
def test_the_callers_voice_over_the_echo_is_heard_in_time(level_db: float, name: str) -> None:
    own, at_ms = clip(name).audio, 2000
    heard = voiced(microphone(level_db, 120, own, at_ms))[at_ms // 20 : at_ms // 20 + len(own) // 160]
    alone = voiced(silence(at_ms) + own, with_echo=False)[at_ms // 20 :]
    first = alone.index(True)
    assert heard.index(True, max(0, first - 3)) - first <= 10  # 200 ms
    assert longest_s(heard) >= SPEECH.barge_in_ms / 1000


def test_a_caller_without_a_loudspeaker_is_hardly_ever_taken_for_the_prompt() -> None:
    kept = there = stopping = long_enough = 0
    for spoken in all_clips():
        if spoken.file.removesuffix(".wav") not in SAID:
            heard = silence(1000) + spoken.audio
            left, alone = voiced(heard), voiced(heard, with_echo=False)
            kept, there = kept + sum(left), there + sum(alone)
            if longest_s(alone) >= 0.6:
                long_enough += 1
                stopping += longest_s(left) >= SPEECH.barge_in_ms / 1000
    assert kept >= 0.88 * there  # 0.9 here
    assert stopping >= 0.95 * long_enough


def test_what_was_cleared_or_is_long_over_is_no_echo() -> None:
    echo = Echo()
    echo.play(prompt(), 0.0)
    echo.clear(0.4)
    heard = frames(prompt())[:150]
    for number, frame in enumerate(heard, 1):
        echo.hear(frame)
        if number * FRAME_S > 0.4 + 0.7:
            assert not echo.explains(number * FRAME_S)


def test_before_anything_was_played_or_heard_nothing_is_an_echo() -> None:
    echo = Echo()
    assert not echo.explains(0.0)
    echo.play(b"", 0.0)
    echo.play(silence(1000), 0.0)
    for frame in frames(prompt())[:40]:
        echo.hear(frame)
    assert not echo.explains(0.5)


def test_a_call_of_an_hour_keeps_only_the_last_prompts() -> None:
    echo = Echo()
    for minute in range(60):
        echo.play(prompt(), minute * 60.0)
    assert len(echo._out) <= 2


def test_it_is_cheap() -> None:
    echo = Echo()
    echo.play(prompt(), 0.0)
    for frame in frames(prompt())[:40]:
        echo.hear(frame)
    begun = time.process_time()
    for _ in range(200):
        echo.explains(1.0)
    assert (time.process_time() - begun) / 200 < 0.001  # seconds a frame of speech over a prompt; 0.0001 here
