"""A sound file of any common format becomes a recording for calls; what cannot is named, in bounded time and memory."""

from __future__ import annotations

import io
import struct
import threading

import numpy as np
import pytest

from ivr.speech import codec, loudness
from ivr.speech import decode as decoding
from ivr.speech.decode import MOST_BYTES, decoded
from ivr.speech.errors import FileRefused
from ivr.speech.take import take
from prompts.recordings import Audio
from tests.ivr.speech.sounds import file_of, film, spoken

LEVEL = -20.0


def take_of(data: bytes) -> Audio:
    return take(io.BytesIO(data), LEVEL)


@pytest.mark.parametrize(
    ("form", "encoder", "rate", "channels"),
    [
        ("wav", "pcm_s16le", 44_100, 2),
        ("wav", "pcm_s24le", 48_000, 1),
        ("wav", "pcm_f32le", 96_000, 2),
        ("wav", "pcm_mulaw", 8_000, 1),
        ("mp3", "libmp3lame", 44_100, 2),
        ("ogg", "libopus", 48_000, 2),
        ("mp4", "aac", 44_100, 2),
        ("webm", "libopus", 48_000, 1),
        ("flac", "flac", 44_100, 2),
        ("adts", "aac", 22_050, 1),
    ],
)
def test_every_common_format_becomes_the_same_recording(form: str, encoder: str, rate: int, channels: int) -> None:
    audio = take_of(file_of(spoken(rate=rate, before_s=0.5), form, encoder, rate, channels))
    assert codec.seconds(audio.ulaw) == pytest.approx(1.36, abs=0.06)  # two seconds were sent, half of it empty room
    assert audio.after_dbfs == pytest.approx(LEVEL, abs=0.5)
    assert loudness.level_dbfs(codec.to_pcm(audio.ulaw)) == pytest.approx(LEVEL, abs=0.7)
    assert audio.clipped == 0


@pytest.mark.parametrize("level", [0.03, 0.3, 0.9])
def test_quiet_and_loud_files_come_out_equally_loud_and_say_how_loud_they_were(level: float) -> None:
    audio = take_of(file_of(spoken(level=level), "wav", "pcm_s16le"))
    assert audio.before_dbfs == pytest.approx(20 * np.log10(level / 2), abs=1.0)  # a syllable's mean, not its peak
    assert audio.after_dbfs == pytest.approx(LEVEL, abs=0.6)


def test_clipping_is_measured_in_the_file_before_anything_evens_it() -> None:
    loud = np.clip(spoken(level=1.5), -1, 1)
    share = float((np.abs(loud) >= 0.9995).mean())
    assert take_of(file_of(loud, "wav", "pcm_s16le")).clipped == pytest.approx(share, abs=0.001)
    assert share > 0.1


def test_the_same_file_becomes_the_same_recording() -> None:
    file = file_of(spoken(), "wav", "pcm_s16le")
    assert take_of(file).digest == take_of(file).digest


def hours() -> bytes:
    """An hour of silence, which packs well: 30 MB would be 32 hours."""
    return file_of(np.zeros(3600 * 8000, np.float32), "flac", "flac", 8000, 1)


def endless() -> bytes:
    """A WAV that claims four gigabytes and four billion samples a second."""
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 2**32 - 1, b"WAVE", b"fmt ", 16, 1, 1, 2**32 - 1, 2**32 - 1, 1, 8,
                       b"data", 2**32 - 1)  # fmt: skip
    return head + bytes(200_000)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (lambda: b"", "empty"),
        (lambda: bytes(MOST_BYTES + 1), "big"),
        (lambda: b"not a sound" * 999, "unknown"),
        (lambda: b"%PDF-1.7" + bytes(5000), "unknown"),
        (lambda: b"#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:1/x.ts\n#EXT-X-ENDLIST\n", "unknown"),
        (lambda: b"ffconcat version 1.0\nfile /etc/hostname\n", "unknown"),
        (film, "soundless"),
        (hours, "long"),
        (endless, "unknown"),
        (lambda: file_of(spoken(rate=500_000), "wav", "pcm_s16le", 500_000, 1), "broken"),
        (lambda: file_of(np.zeros(44_100, np.float32), "wav", "pcm_s16le"), "silent"),
        (lambda: file_of(spoken(level=0.008), "wav", "pcm_s16le"), "quiet"),
        (lambda: file_of(spoken(0.02), "wav", "pcm_s16le"), "short"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_a_recording_is_named(file: object, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        take_of(file())  # type: ignore[operator]
    assert refused.value.code == code


@pytest.mark.parametrize("form", [("wav", "pcm_s16le"), ("mp3", "libmp3lame"), ("webm", "libopus"), ("mp4", "aac")])
def test_broken_files_are_refused_or_heard_as_far_as_they_go(form: tuple[str, str]) -> None:
    whole, chance = file_of(spoken(rate=48_000), *form, 48_000), np.random.default_rng(7)
    for _ in range(6):
        broken = bytearray(whole[: chance.integers(20, len(whole))])
        for at in chance.integers(0, len(broken), 20):
            broken[at] = chance.integers(256)
        try:
            assert codec.seconds(take_of(bytes(broken)).ulaw) < 5
        except FileRefused as refused:
            assert refused.code in ("unknown", "broken", "soundless", "silent", "quiet", "short", "long")  # noqa: PT017


def test_a_reader_that_hangs_is_ended_and_one_that_dies_takes_nothing_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    from pathlib import Path

    worker = Path(str(tmp_path)) / "worker.py"
    monkeypatch.setattr(decoding, "WORKER", worker)
    for text, code in (("import time; time.sleep(60)", "slow"), ("import os; os.abort()", "broken")):
        worker.write_text(text)
        monkeypatch.setattr(decoding, "TIMEOUT_S", 0.5 if code == "slow" else 60)
        with pytest.raises(FileRefused) as refused:
            decoded(io.BytesIO(b"x"))
        assert refused.value.code == code


def test_many_files_at_once_are_read_two_at_a_time() -> None:
    file, made = file_of(spoken(), "mp3", "libmp3lame"), []
    threads = [threading.Thread(target=lambda: made.append(take_of(file).digest)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1
