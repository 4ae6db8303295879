"""WAV files of any rate, width and number of channels in; 8 kHz mono 16-bit out.

The standard library's `wave` refuses mu-law, A-law, float and (up to 3.11) extensible files, which is what telephone
systems and sound editors write, so the container is read here.
"""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.speech import codec
from ivr.speech.errors import BadAudio

Samples = NDArray[np.float32]

MAX_BYTES = 50_000_000  # of a file: an hour at 8 kHz mono is 57 MB, a prompt is never that long
_PCM, _FLOAT, _ALAW, _ULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_FORMAT = struct.Struct("<HHIIHH")  # format, channels, rate, bytes a second, bytes a frame, bits a sample


@dataclass(frozen=True)
class _Format:
    kind: int
    channels: int
    rate: int
    bits: int


def read_wav(path: Path) -> bytes:
    """8 kHz mono 16-bit PCM of a WAV file. Raises BadAudio naming the file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadAudio(f"longer than {MAX_BYTES // 1_000_000} MB. Cut it.")
        return pcm_of(path.read_bytes())
    except OSError as error:
        raise BadAudio(f"{path}: {error.strerror or error}.") from None
    except BadAudio as error:
        raise BadAudio(f"{path}: {error}") from None


def pcm_of(data: bytes) -> bytes:
    """8 kHz mono 16-bit PCM of the bytes of a WAV file. Raises BadAudio."""
    form, body = _chunks(data)
    decode = _DECODERS.get((form.kind, form.bits))
    if decode is None or not 1 <= form.channels <= 32 or not 1000 <= form.rate <= 768_000:
        raise BadAudio(
            f"unknown audio (format {form.kind}, {form.bits} bits, {form.channels} channels, {form.rate} Hz). "
            "Save it as 16-bit PCM."
        )
    frame = form.channels * form.bits // 8
    samples = decode(body[: len(body) - len(body) % frame])
    mono = samples.reshape(-1, form.channels).mean(axis=1, dtype=np.float32)
    return codec.resampled(np.nan_to_num(mono), form.rate)


def write_wav(path: Path, pcm: bytes) -> None:
    """Write 8 kHz mono 16-bit PCM as a WAV file."""
    path.write_bytes(to_wav(pcm))


def to_wav(pcm: bytes) -> bytes:
    """8 kHz mono 16-bit PCM as the bytes of a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(codec.RATE)
        out.writeframes(pcm)
    return file.getvalue()


def _chunks(data: bytes) -> tuple[_Format, bytes]:
    if len(data) < 12 or data[:4] not in (b"RIFF", b"RF64") or data[8:12] != b"WAVE":
        raise BadAudio("not a WAV file.")
    form, at = None, 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]  # a file cut short, or streamed with size 0xFFFFFFFF, gives what is there
        if name == b"fmt ":
            form = _format(body)
        elif name == b"data" and form:
            return form, body
        at += 8 + size + size % 2
    raise BadAudio("a WAV file without audio in it.")


def _format(body: bytes) -> _Format:
    if len(body) < _FORMAT.size:
        raise BadAudio("a WAV file with a broken header.")
    kind, channels, rate, _, _, bits = _FORMAT.unpack_from(body)
    if kind == _EXTENSIBLE and len(body) >= 26:
        kind = int.from_bytes(body[24:26], "little")
    return _Format(kind, channels, rate, bits)


def _integers(body: bytes, kind: str, full: float) -> Samples:
    return np.asarray(np.frombuffer(body, kind) / full, np.float32)


def _int8(body: bytes) -> Samples:
    return np.asarray((np.frombuffer(body, np.uint8) - 128.0) / 128, np.float32)


def _int16(body: bytes) -> Samples:
    return _integers(body, "<i2", 2**15)


def _int24(body: bytes) -> Samples:
    wide = np.zeros((len(body) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(body, np.uint8).reshape(-1, 3)
    return _integers(wide.tobytes(), "<i4", 2**31)


def _float(kind: str) -> Callable[[bytes], Samples]:
    return lambda body: np.frombuffer(body, kind).astype(np.float32)


_DECODERS: dict[tuple[int, int], Callable[[bytes], Samples]] = {
    (_PCM, 8): _int8,
    (_PCM, 16): _int16,
    (_PCM, 24): _int24,
    (_PCM, 32): lambda body: _integers(body, "<i4", 2**31),
    (_FLOAT, 32): _float("<f4"),
    (_FLOAT, 64): _float("<f8"),
    (_ULAW, 8): lambda body: _int16(codec.to_pcm(body)),
    (_ALAW, 8): lambda body: _int16(codec.from_alaw(body)),
}
