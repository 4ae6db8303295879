"""Audio that is kept, prepared ahead, or recorded."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import numpy as np
import pytest

from ivr.speech import codec, loudness, wav
from ivr.speech.cache import AudioCache
from ivr.speech.prepare import prepare
from ivr.speech.speak import Speaker
from prompts.sentence import Sentence
from tests.ivr.speech.clips import SPEECH
from tests.pace import at_best

PROMPTS = [Sentence(f"प्रश्न {word}", "hi", f"ask.{i}") for i, word in enumerate(["एक", "दो", "तीन"])]
NAMED = Sentence("आपका नंबर सात शून्य है", "hi")


def _files(folder: Path) -> list[str]:
    return sorted(f.name for f in folder.iterdir()) if folder.exists() else []


def _never(*_: object) -> bytes:
    raise AssertionError("spoken again")


def _recorded(path: Path, hz: float, level: float = 0.02) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = level * np.sin(2 * np.pi * hz * np.arange(8000) / 8000)
    wav.write_wav(path, (tone * 32767).astype("<i2").tobytes())


def test_prompts_are_prepared_once_and_the_second_time_is_at_once(tmp_path: Path) -> None:
    first = Speaker(SPEECH, tmp_path)
    done = prepare([*PROMPTS, *PROMPTS, NAMED], first, progress=False)
    first.stop()
    assert (done.made, done.kept, done.failed) == (3, 0, 0)
    second = Speaker(SPEECH, tmp_path)

    def took() -> float:
        begun = time.monotonic()
        again = prepare(PROMPTS, second, progress=False)
        assert (again.made, again.kept) == (0, 3)
        return time.monotonic() - begun

    assert at_best(took, lambda seconds: seconds < 0.2) < 0.2
    assert second.pid is None  # nothing had to be spoken
    second.stop()


def test_prompts_survive_a_restart_and_what_names_a_citizen_never_reaches_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Speaker(SPEECH, tmp_path)
    spoken = first.audio_now(PROMPTS[0])
    first.audio_now(NAMED)
    first.stop()
    assert _files(tmp_path) == [f"{first.key(PROMPTS[0])}.ulaw"]
    second = Speaker(SPEECH, tmp_path)
    monkeypatch.setattr(second._process, "wav", _never)
    assert second.audio_now(PROMPTS[0]) == spoken
    second.stop()


def test_a_repeated_sentence_comes_from_memory(speaker: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = speaker.audio_now(NAMED)
    monkeypatch.setattr(speaker._process, "wav", _never)
    assert speaker.audio_now(NAMED) == spoken


def test_every_setting_that_is_heard_makes_a_sentence_another(tmp_path: Path) -> None:
    changes: list[dict[str, object]] = [{}, {"voice_hi": "inc/mr"}, {"rate_hi": 200}, {"level_dbfs": -23.0}]
    speakers = [Speaker(SPEECH.model_copy(update=change), tmp_path) for change in changes]
    assert len({speaker.key(NAMED) for speaker in speakers}) == len(changes)
    assert speakers[0].key(NAMED) != speakers[0].key(Sentence(NAMED.text, "en"))
    for speaker in speakers:
        speaker.stop()


def test_failed_prompts_are_counted_and_named(tmp_path: Path) -> None:
    speaker = Speaker(SPEECH.model_copy(update={"voice_en": "gmw/nowhere"}), tmp_path)
    done = prepare([*PROMPTS, Sentence("hello", "en", "hello.0")], speaker, progress=False)
    speaker.stop()
    assert (done.made, done.failed) == (3, 1)
    assert "en hello.0" in done.problem


def test_memory_keeps_what_was_used_last(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path, memory_bytes=300)
    for key in ("a", "b", "c"):
        cache.put(key, bytes(100), keep=False)
    cache.peek("a")
    cache.put("d", bytes(100), keep=False)
    assert [key for key in "abcd" if cache.peek(key)] == ["a", "c", "d"]


def test_the_folder_is_kept_small_and_what_was_unused_for_longest_goes_first(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path, folder_bytes=1000)
    for n in range(20):
        cache.put(f"{n:02}", bytes(100), keep=True)
        os.utime(tmp_path / f"{n:02}.ulaw", (n, n))
    cache.shrink()
    assert _files(tmp_path) == [f"{n:02}.ulaw" for n in range(12, 20)]


def test_a_file_half_written_or_empty_is_not_taken_for_audio(tmp_path: Path) -> None:
    (tmp_path / "abc.ulaw").touch()
    (tmp_path / "x.part").write_bytes(b"half")
    assert AudioCache(tmp_path).get("abc") is None


def test_a_disk_that_takes_no_files_costs_only_the_files(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "speech").write_text("a file where the folder should be")
    speaker = Speaker(SPEECH, tmp_path / "speech")
    with caplog.at_level(logging.WARNING):
        assert speaker.audio_now(PROMPTS[0])
    assert "not kept" in caplog.text
    speaker.stop()


def test_a_recording_takes_precedence_at_the_same_loudness(tmp_path: Path) -> None:
    speaker = Speaker(SPEECH, tmp_path / "speech", tmp_path / "prompts")
    spoken = speaker.audio_now(PROMPTS[0])
    _recorded(tmp_path / "prompts" / "hi" / "recordings" / "ask.0.wav", 440)
    recorded = speaker.audio_now(PROMPTS[0])
    assert recorded != spoken
    assert codec.seconds(recorded) == 1.0
    assert loudness.level_dbfs(codec.to_pcm(recorded)) == pytest.approx(SPEECH.level_dbfs, abs=1.0)
    assert speaker.kept(PROMPTS[0])
    assert codec.seconds(speaker.audio_now(PROMPTS[1])) != 1.0
    speaker.stop()


def test_a_new_recording_counts_at_once_and_a_deleted_one_no_more(tmp_path: Path) -> None:
    path = tmp_path / "prompts" / "hi" / "recordings" / "ask.0.wav"
    speaker = Speaker(SPEECH, tmp_path / "speech", tmp_path / "prompts")
    _recorded(path, 440)
    first = speaker.audio_now(PROMPTS[0])
    _recorded(path, 880)
    os.utime(path, (1, 1))
    second = speaker.audio_now(PROMPTS[0])
    path.unlink()
    assert len({first, second, speaker.audio_now(PROMPTS[0])}) == 3
    speaker.stop()


def test_a_recording_of_a_whole_prompt_is_heard_once(tmp_path: Path) -> None:
    _recorded(tmp_path / "prompts" / "hi" / "recordings" / "ask.wav", 440)
    speaker = Speaker(SPEECH, tmp_path / "speech", tmp_path / "prompts")
    assert [codec.seconds(speaker.audio_now(s)) for s in PROMPTS] == [1.0, 0.02, 0.02]
    speaker.stop()


def test_a_recording_that_cannot_be_read_is_reported_and_the_text_spoken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "prompts" / "hi" / "recordings" / "ask.0.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"an MP3 by another name")
    speaker = Speaker(SPEECH, tmp_path / "speech", tmp_path / "prompts")
    with caplog.at_level(logging.WARNING):
        assert len(speaker.audio_now(PROMPTS[0])) > 4000
    assert "ask.0.wav" in caplog.text
    speaker.stop()


@pytest.mark.parametrize("key", ["../../secret", "/etc/passwd", "..", "a/b", ""])
def test_a_key_never_leaves_the_folder_of_recordings(tmp_path: Path, key: str) -> None:
    _recorded(tmp_path / "secret.wav", 440)
    speaker = Speaker(SPEECH, tmp_path / "speech", tmp_path / "prompts")
    assert speaker._recordings.audio(Sentence("x", "hi", key)) is None
    speaker.stop()
