from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from ivr.speech import codec, loudness, wav
from ivr.speech.errors import BadAudio

RATES = [8000, 11025, 16000, 22050, 44100, 48000]


def _file(kind: int, bits: int, body: bytes, rate: int = 8000, channels: int = 1, extra: bytes = b"") -> bytes:
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * frame, frame, bits) + extra
    odd = b"\0" if len(body) % 2 else b""
    inside = b"WAVE" + b"fmt " + struct.pack("<I", len(form)) + form
    inside += b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"data" + struct.pack("<I", len(body)) + body + odd
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def _tone(rate: int, channels: int = 1) -> np.ndarray:
    one = 0.25 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    return np.repeat(one, channels).astype(np.float64)


def _is_the_tone(pcm: bytes) -> bool:
    samples = np.frombuffer(pcm, "<i2") / 32768
    spectrum = np.abs(np.fft.rfft(samples))
    return abs(len(samples) - 8000) <= 2 and abs(int(spectrum.argmax()) - 440) <= 1 and 0.24 < samples.max() < 0.27


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("channels", [1, 2])
def test_any_rate_and_any_number_of_channels_is_read(rate: int, channels: int) -> None:
    body = (_tone(rate, channels) * 32767).astype("<i2").tobytes()
    assert _is_the_tone(wav.pcm_of(_file(1, 16, body, rate, channels)))


def _int24(samples: np.ndarray) -> bytes:
    wide = (samples * (2**31 - 1)).astype("<i4").tobytes()
    return b"".join(wide[i + 1 : i + 4] for i in range(0, len(wide), 4))


@pytest.mark.parametrize(
    ("kind", "bits", "encode"),
    [
        (1, 8, lambda s: (s * 127 + 128).astype(np.uint8).tobytes()),
        (1, 24, _int24),
        (1, 32, lambda s: (s * (2**31 - 1)).astype("<i4").tobytes()),
        (3, 32, lambda s: s.astype("<f4").tobytes()),
        (3, 64, lambda s: s.astype("<f8").tobytes()),
        (7, 8, lambda s: codec.to_ulaw((s * 32767).astype("<i2").tobytes())),
    ],
)
def test_every_usual_sample_format_is_read(kind: int, bits: int, encode: object) -> None:
    body = encode(_tone(8000))  # type: ignore[operator]
    assert _is_the_tone(wav.pcm_of(_file(kind, bits, body)))


def test_the_extensible_header_that_sound_editors_write_is_read() -> None:
    extra = struct.pack("<HHIH", 22, 24, 4, 1) + bytes(14)
    assert _is_the_tone(wav.pcm_of(_file(0xFFFE, 24, _int24(_tone(8000)), extra=extra)))


def test_a_file_cut_short_gives_what_is_there() -> None:
    whole = _file(1, 16, (_tone(8000) * 32767).astype("<i2").tobytes())
    assert 7000 <= len(wav.pcm_of(whole[: len(whole) // 2])) <= 9000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"not sound at all, but long enough to be a header",
        b"RIFF\0\0\0\0WAVE",
        b"RIFF\0\0\0\0WAVEfmt \1\0\0\0a",
        _file(1, 16, b"")[:40],
        _file(85, 16, bytes(100)),
        _file(1, 12, bytes(100)),
        _file(1, 16, bytes(100), rate=0),
        _file(1, 16, bytes(100), channels=0),
    ],
)
def test_what_is_no_wav_file_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadAudio, match=r"\."):
        wav.pcm_of(data)


def test_a_file_that_is_not_there_or_is_a_folder_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.wav"):
        with pytest.raises(BadAudio, match=str(path)):
            wav.read_wav(path)


def test_a_file_with_broken_numbers_in_it_is_survived() -> None:
    body = np.array([np.nan, np.inf, -np.inf, 0.1] * 100, "<f4").tobytes()
    assert len(wav.pcm_of(_file(3, 32, body))) == 800


def test_what_is_written_is_a_plain_telephone_wav_file(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    wav.write_wav(path, bytes(1600))
    with wave.open(str(path)) as read:
        assert (read.getframerate(), read.getnchannels(), read.getsampwidth(), read.getnframes()) == (8000, 1, 2, 800)
    assert loudness.level_dbfs(wav.read_wav(path)) == loudness.FLOOR_DBFS
