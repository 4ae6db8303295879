"""Turn-taking on the real sound of the test clips, with the real voice activity: where turns begin and end."""

from __future__ import annotations

import audioop
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ivr.decisions import EndTurn, FeedEar, Question, Rules, StopPrompt
from ivr.line import FRAME_BYTES
from ivr.speech.activity import Activity
from ivr.speech.codec import silence, to_pcm, to_ulaw
from ivr.speech.wav import read_wav
from ivr.turns import Turns

AUDIO = Path(__file__).parent.parent / "audio"
CLIPS = sorted(p.name for p in AUDIO.glob("*.wav") if p.name[:3] in ("hi-", "en-"))
LOUD = 200  # RMS of 16-bit samples above which a frame of these clean clips is speech


@dataclass
class Course:
    """What happened, in seconds of the audio."""

    opened: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    stopped: list[float] = field(default_factory=list)
    voiced: list[float] = field(default_factory=list)


def framed(audio: bytes) -> list[bytes]:
    return [audio[at : at + FRAME_BYTES] for at in range(0, len(audio) - FRAME_BYTES + 1, FRAME_BYTES)]


def listen(frames: list[bytes], digits: bool = False, prompt_s: float = 0.0) -> Course:
    """Everything that is decided while `frames` come in during and after a prompt."""
    turns, watch, course = Turns(Rules(), 0.0), Activity(2), Course()
    turns.ask(Question("answer", "n", "digits" if digits else "city", ear=True, barge_in=True, limit_s=60), 0.0)
    if prompt_s:
        turns.sending("p", prompt_s, 0.0)
    turns.sent(0.0)
    for number, frame in enumerate(frames, 1):
        now = number * 0.02
        for decision in turns.frame(watch.feed(frame), now):
            match decision:
                case FeedEar(opens=True):
                    course.opened.append(now)
                case StopPrompt():
                    course.stopped.append(now)
                case EndTurn(voiced_s):
                    course.ended.append(now)
                    course.voiced.append(voiced_s)
                    turns.result((), now)
    return course


def clip(name: str) -> list[bytes]:
    return framed(silence(1000) + to_ulaw(read_wav(AUDIO / name)) + silence(3000))


def spoken(frames: list[bytes]) -> tuple[float, float]:
    loud = [n for n, frame in enumerate(frames) if audioop.rms(to_pcm(frame), 2) > LOUD]
    return loud[0] * 0.02, (loud[-1] + 1) * 0.02


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_is_one_turn_that_begins_with_its_speech_and_ends_soon_after_it(name: str) -> None:
    frames = clip(name)
    digits = "mobile" in name or "pin" in name
    begin, end = spoken(frames)
    course = listen(frames, digits)
    assert len(course.ended) == 1
    assert -0.1 <= course.opened[0] - begin <= 0.25  # 300 ms before that are fed as well
    silence_s = Rules().end_silence_digits_s if digits else Rules().end_silence_s
    assert -0.1 <= course.ended[0] - end - silence_s <= 0.2


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_over_a_prompt_stops_it_soon_when_it_is_speech_of_some_length(name: str) -> None:
    frames = clip(name)
    begin, end = spoken(frames)
    course = listen(frames, prompt_s=30)
    if end - begin >= 0.7:
        assert 0.28 <= course.stopped[0] - begin <= 0.9
    assert len(course.stopped) <= 1


def test_key_tones_and_line_noise_are_no_answers() -> None:
    assert listen(clip("noise-dtmf.wav")).ended == []
    assert sum(listen(clip("noise-line.wav")).voiced) <= 0.25
    assert listen(clip("noise-line.wav"), prompt_s=30).stopped == []
