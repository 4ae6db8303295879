"""Sound files as people bring them, made with PyAV."""

from __future__ import annotations

import io

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def spoken(seconds: float = 1.0, level: float = 0.3, rate: int = 44_100, before_s: float = 0.0) -> Samples:
    """Something like speech: syllables of a low voice after `before_s` of an almost silent room, and as much after."""
    at = np.arange(int(seconds * rate)) / rate
    voice = level * np.sin(2 * np.pi * 220 * at) * np.abs(np.sin(2 * np.pi * 2 * at))
    noise = np.random.default_rng(5).normal(0, 0.0006, 2 * int(before_s * rate) + len(voice))
    start = int(before_s * rate)
    noise[start : start + len(voice)] += voice
    return np.asarray(noise, np.float32)


def file_of(samples: Samples, form: str, codec: str, rate: int = 44_100, channels: int = 2) -> bytes:
    """The bytes of a sound file: `form` as PyAV calls it, such as "mp3"."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo" if channels == 2 else "mono")
        planes = np.ascontiguousarray(np.tile(samples, (channels, 1)))
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo" if channels == 2 else "mono")
        frame.sample_rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return out.getvalue()


def film(frames: int = 5) -> bytes:
    """A film without sound."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(frames):
            image = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            for packet in stream.encode(image):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return out.getvalue()
