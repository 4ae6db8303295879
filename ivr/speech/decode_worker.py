"""The process that reads sound files of strangers, run as a script by `decode`: FFmpeg has had holes, and a file may
unpack to hours. What goes wrong here ends with this process, which may use little memory and time.

The file comes on standard input; on standard output a line of JSON follows ({"error"}, or {"samples", "clipped"} of the
file), then 8 kHz mono 16-bit PCM. The argument is the longest audio that is taken, in seconds.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from collections.abc import Iterator
from typing import Any

import av
import numpy as np
import soxr
from numpy.typing import NDArray

RATE = 8000
MEMORY_BYTES = 1_500_000_000  # of addresses; half of it are the libraries
CPU_S = 30  # two minutes of audio take less than one
# Files that hold their own audio. FFmpeg also knows formats that name other files and addresses, which it would open.
FORMATS = "wav,w64,aiff,au,caf,flac,mp3,aac,amr,ogg,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,asf"
SLOWEST, FASTEST = 4000, 384_000  # samples a second
FULL = 0.9995  # of full scale: here a sample was cut off
_SCALES = {"u1": 128.0, "i2": 2.0**15, "i4": 2.0**31}

Samples = NDArray[np.float32]


class _RefusedError(Exception):
    """The message is a code for people's words."""


def main() -> None:
    """Answer for one file."""
    os.nice(10)  # calls come first
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    try:
        head, pcm = _decoded(sys.stdin.buffer.read(), float(sys.argv[1]))
    except _RefusedError as error:
        head, pcm = {"error": str(error)}, b""
    except (av.FFmpegError, ValueError, MemoryError, OverflowError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        head, pcm = {"error": "broken"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + pcm)


def _decoded(data: bytes, longest_s: float) -> tuple[dict[str, Any], bytes]:
    try:
        container = av.open(io.BytesIO(data), mode="r", options={"format_whitelist": FORMATS}, metadata_errors="ignore")
    except av.FFmpegError:
        raise _RefusedError("unknown") from None
    with container:
        if not container.streams.audio:
            raise _RefusedError("soundless")
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        return _telephone(container.decode(stream), longest_s)


def _telephone(frames: Iterator[Any], longest_s: float) -> tuple[dict[str, Any], bytes]:
    """The audio of all frames for the telephone, bit by bit, so that no length needs memory."""
    samples = clipped = rate = 0
    down, made = None, []
    for frame in frames:
        channels = _channels(frame)
        if down is None:
            rate = frame.sample_rate
            if not SLOWEST <= rate <= FASTEST:
                raise _RefusedError("broken")
            down = soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")
        if frame.sample_rate != rate:
            raise _RefusedError("broken")
        samples += channels.shape[1]
        clipped += int((np.abs(channels).max(axis=0) >= FULL).sum())
        if samples > longest_s * rate:
            raise _RefusedError("long")
        made.append(down.resample_chunk(channels.mean(axis=0, dtype=np.float32)))
    if down is None:
        raise _RefusedError("soundless")
    made.append(down.resample_chunk(np.empty(0, np.float32), last=True))
    return {"samples": samples, "clipped": clipped}, _pcm(np.concatenate(made))


def _channels(frame: Any) -> Samples:
    """The samples of a frame as numbers from -1 to 1, a row for each channel."""
    given = frame.to_ndarray()
    rows = given if frame.format.is_planar else given.reshape(-1, len(frame.layout.channels)).T
    kind = given.dtype.str[1:]
    floats = np.asarray(rows, np.float32)
    if kind == "u1":
        floats = floats - 128
    return np.asarray(np.nan_to_num(floats / _SCALES.get(kind, 1.0), posinf=1.0, neginf=-1.0), np.float32)


def _pcm(samples: Samples) -> bytes:
    return bytes((np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
