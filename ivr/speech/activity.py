"""Voice activity: which 20 ms frames of a telephone line are speech.

Three judges must agree: WebRTC's detector (0.13 ms CPU an audio-second), an energy floor that follows the line's noise
(the detector alone takes hum and clicks for voice), and a look for key tones (it takes those for voice, too). A vote
over five frames takes out single clicks and bridges stops within a word.
"""

from __future__ import annotations

import audioop
import math
from collections import deque

import numpy as np
import webrtcvad

from ivr.line import FRAME_BYTES, FRAME_MS
from ivr.speech.codec import RATE, ULAW_SILENCE, to_pcm

VOTES = 5  # frames in a vote: 100 ms
BEGIN = 3  # ... voiced ones that begin speech
GO_ON = 2  # ... and that keep it going
ABOVE_FLOOR_DB = 6.0  # speech is this much louder than the line's noise
FLOOR_BEGIN_DBFS = -45.0  # assumed until the line is known; a quieter line is learnt in 100 ms
FLOOR_MIN_DBFS, FLOOR_MAX_DBFS = -65.0, -15.0  # a line's noise lies between
DIPS_WITHIN = 75  # frames: in 1.5 s of speech some frame is a pause; what stays louder all the time is noise
QUIET_DBFS = -52.0  # quieter than this is never speech
RUN_GAP_MS = 240  # a pause up to this does not end a run of speech
UTTERANCE_GAP_MS = 2500  # speech after a longer pause is a new utterance
_TONE_HZ = (697, 770, 852, 941, 1209, 1336, 1477, 1633)
_TONE_SHARE = 0.75  # of a frame's energy in one low and one high key tone: a key, not a voice


_PHASES = 2 * np.pi * np.outer(np.array(_TONE_HZ) / RATE, np.arange(FRAME_BYTES))
_TONES = np.concatenate([np.cos(_PHASES), np.sin(_PHASES)]).astype(np.float32)
_HALF = FRAME_BYTES / 2  # a tone's squared amplitude here, over its energy in a frame


class Activity:
    """Voice activity of one line. Feed it every frame that comes; ask it between frames.

    `mode` is WebRTC's strictness, 0 lenient to 3 strict.
    """

    def __init__(self, mode: int) -> None:
        self._vad = webrtcvad.Vad(mode)
        self._floor = FLOOR_BEGIN_DBFS
        self._frames = 0
        self._lows: deque[tuple[int, float]] = (
            deque()
        )  # of the last DIPS_WITHIN levels those that no later one undercuts
        self._votes: deque[bool] = deque(maxlen=VOTES)
        self.reset()

    def reset(self) -> None:
        """Begin a new question: forget what was said, keep what is known of the line's noise."""
        self._votes.clear()
        self._voiced = False
        self._voiced_ms = 0
        self._run_ms = 0
        self._silence_ms = 0

    @property
    def voiced_ms(self) -> int:
        """Voiced speech in the current or last utterance, ms; 0 when nothing was said since `reset`."""
        return self._voiced_ms

    @property
    def run_ms(self) -> int:
        """Voiced speech without a pause over RUN_GAP_MS, ms; 0 in silence. For barge-in: short noises do not add up."""
        return self._run_ms

    @property
    def silence_ms(self) -> int:
        """Time since the last voiced frame, or since `reset` when there was none, ms."""
        return self._silence_ms

    def feed(self, frame: bytes) -> bool:
        """Whether `frame` (20 ms of mu-law; a short one is filled with silence) belongs to speech."""
        pcm = to_pcm(frame[:FRAME_BYTES].ljust(FRAME_BYTES, ULAW_SILENCE))
        self._votes.append(self._sounds_voiced(pcm))
        self._voiced = sum(self._votes) >= (GO_ON if self._voiced else BEGIN)
        self._count()
        return self._voiced

    def _sounds_voiced(self, pcm: bytes) -> bool:
        level = 20 * math.log10(max(audioop.rms(pcm, 2), 1) / 32768)
        voice = bool(self._vad.is_speech(pcm, RATE))
        loud = level > max(self._floor + ABOVE_FLOOR_DB, QUIET_DBFS)
        self._follow(level, voice and loud)
        return voice and loud and not _is_key(pcm)

    def _follow(self, level: float, speech: bool) -> None:
        """The floor falls at once to a quieter line and rises in half a second to a noisier one; noise so loud that it
        passes for speech is found out by never pausing."""
        lowest = self._lowest(level)
        if level < self._floor:
            self._floor += 0.3 * (level - self._floor)
        elif not speech:
            self._floor += 0.05 * (level - self._floor)
        if self._frames >= DIPS_WITHIN:
            self._floor = max(self._floor, lowest)
        self._floor = min(max(self._floor, FLOOR_MIN_DBFS), FLOOR_MAX_DBFS)

    def _lowest(self, level: float) -> float:
        """The lowest of the last DIPS_WITHIN levels, `level` the newest."""
        self._frames += 1
        lows = self._lows
        while lows and lows[-1][1] >= level:
            lows.pop()
        lows.append((self._frames, level))
        if lows[0][0] <= self._frames - DIPS_WITHIN:
            lows.popleft()
        return lows[0][1]

    def _count(self) -> None:
        if not self._voiced:
            self._silence_ms += FRAME_MS
            if self._silence_ms > RUN_GAP_MS:
                self._run_ms = 0
            return
        if self._silence_ms > UTTERANCE_GAP_MS:
            self._voiced_ms = 0
        self._silence_ms = 0
        self._voiced_ms += FRAME_MS
        self._run_ms += FRAME_MS


def _is_key(pcm: bytes) -> bool:
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    energy = float(samples @ samples)
    parts = (_TONES @ samples).tolist()
    power = [c * c + s * s for c, s in zip(parts[:8], parts[8:], strict=True)]
    return energy > 0 and max(power[:4]) + max(power[4:]) > _TONE_SHARE * energy * _HALF
