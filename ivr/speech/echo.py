"""Whether what comes in is our own prompt again, from a loudspeaker into a microphone.

An echo is later, quieter and muffled, but rises and falls with the prompt in every part of the spectrum: the loudness
of four bands over the last 400 ms is compared with what was being played up to 600 ms before. Levels are found when
they are first asked for, and once: only frames that voice activity takes for speech should be asked about; without a
prompt it costs nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ivr.line import FRAME_BYTES, FRAME_MS
from ivr.speech.codec import to_pcm

FRAME_S = FRAME_MS / 1000
WINDOW = 20  # frames compared: 400 ms, a few syllables
LATEST = 30  # frames between playing and hearing again: 600 ms of networks and of our not knowing when it is played
KEPT = WINDOW + LATEST
ALIKE = 0.72  # correlation from which on it is the prompt; that of other speech has a median of 0.41 (95 %: 0.84)
LOUDEST_DB = 0.0  # an echo is no louder than what was played
SURPLUS_DB = 9.0  # louder than the echo so far: somebody speaks as well
AFTER = 2  # frames from an echo on that are taken for it: a single one that is none proves nothing
FADES_DB = 2.0  # a frame, in a room that rings for 0.6 s
NOW = 4  # frames that tell of the surplus: 80 ms
_QUIET_DB = 25.0  # levels below are all the same
_EDGES = (2, 8, 16, 28, 68)  # bins of 50 Hz: 100-400, 400-800, 800-1400, 1400-3400 Hz

Levels = NDArray[np.float32]


def levels(ulaw: bytes) -> Levels:
    """The level of each frame of mu-law audio in each band, dB."""
    whole = len(ulaw) - len(ulaw) % FRAME_BYTES
    frames = np.frombuffer(to_pcm(ulaw[:whole]), "<i2").reshape(-1, FRAME_BYTES)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1))) / FRAME_BYTES
    bands = np.add.reduceat(power, _EDGES, axis=1)[:, :-1]
    found: Levels = np.maximum(10 * np.log10(bands + 1), _QUIET_DB).astype(np.float32)
    return found


@dataclass(frozen=True)
class _Piece:
    """A piece of a prompt, played from `at` on."""

    at: float
    audio: bytes

    @property
    def ends(self) -> float:
        return self.at + len(self.audio) / FRAME_BYTES * FRAME_S

    @cached_property
    def levels(self) -> Levels:
        return levels(self.audio)


class Echo:
    """What one call plays and hears. Times are seconds of one steady clock."""

    def __init__(self) -> None:
        self._out: deque[_Piece] = deque()
        self._ends = 0.0
        self._after = 0
        self._in: deque[bytes] = deque(maxlen=WINDOW)  # frames whose levels nobody has asked for
        self._heard: Levels = np.empty((0, len(_EDGES) - 1), np.float32)

    def play(self, audio: bytes, now: float) -> None:
        """`audio` is sent to the caller; it is played after what was sent before."""
        piece = _Piece(max(self._ends, now), audio)
        self._out.append(piece)
        self._ends = piece.ends
        while self._out and self._out[0].ends < now - KEPT * FRAME_S:
            self._out.popleft()

    def clear(self, now: float) -> None:
        """What was sent and not played yet is thrown away."""
        kept = (
            p if p.ends <= now else _Piece(p.at, p.audio[: max(0, round((now - p.at) / FRAME_S)) * FRAME_BYTES])
            for p in self._out
            if p.at < now
        )
        self._out, self._ends = deque(kept), min(self._ends, now)

    def hear(self, frame: bytes) -> None:
        """The next 20 ms from the caller."""
        self._in.append(frame)

    def explains(self, now: float) -> bool:
        """Whether the last frames heard are what was played shortly before; after an echo it takes some frames that are
        none to believe in somebody else."""
        self._after = AFTER if self._echoes(now) else max(0, self._after - 1)
        return self._after > 0

    def _echoes(self, now: float) -> bool:
        if now > self._ends + LATEST * FRAME_S or not self._out:
            return False
        heard, played = self._just_heard(), self._played(now)
        if len(heard) < WINDOW or played.max() <= _QUIET_DB:
            return False
        lag = _most_alike(heard, played)
        return lag is not None and _no_more_than(heard, played[lag : lag + WINDOW])

    def _just_heard(self) -> Levels:
        """The levels of the last frames heard."""
        if self._in:
            self._heard = np.concatenate([self._heard, levels(b"".join(self._in))])[-WINDOW:]
            self._in.clear()
        return self._heard

    def _played(self, now: float) -> Levels:
        """The levels of the last frames up to `now`, quiet where nothing was played."""
        begin = now - KEPT * FRAME_S
        out = np.full((KEPT, len(_EDGES) - 1), _QUIET_DB, np.float32)
        for piece in self._out:
            first = round((piece.at - begin) / FRAME_S)
            part = piece.levels[max(0, -first) : max(0, KEPT - first)]
            out[max(0, first) : max(0, first) + len(part)] = part
        return out


def _most_alike(heard: Levels, played: Levels) -> int | None:
    """Where in `played` the frames most like `heard` begin; None when none are alike enough."""
    windows = np.lib.stride_tricks.sliding_window_view(played, WINDOW, axis=0).transpose(0, 2, 1)
    shapes = windows - windows.mean(axis=1, keepdims=True)
    shape = heard - heard.mean(axis=0)
    size = np.sqrt(np.square(shapes).sum(axis=(1, 2)) * np.square(shape).sum()) + 1e-6
    alike = (shapes * shape).sum(axis=(1, 2)) / size
    best = int(alike.argmax())
    return best if alike[best] >= ALIKE else None


def _no_more_than(heard: Levels, played: Levels) -> bool:
    """Whether `heard` is `played` made quieter, and nothing on top of it in its last frames."""
    ringing = _ringing(played)
    loud = ringing > _QUIET_DB + 15
    if not loud.any():
        return False
    gain = float(np.median((heard - ringing)[loud]))
    expected = np.maximum(ringing + gain, heard.min(axis=0))
    surplus = (heard - expected)[-NOW:]
    return gain <= LOUDEST_DB and float(surplus.mean()) <= SURPLUS_DB


def _ringing(played: Levels) -> Levels:
    """What is played dies away in a room, by some dB a frame."""
    out = played.copy()
    for at in range(1, len(out)):
        np.maximum(out[at], out[at - 1] - FADES_DB, out=out[at])
    return out
