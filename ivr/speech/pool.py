"""Recognisers of one language: grammar ones made for a turn, free ones borrowed from a bounded pool.

A free recogniser of the production models takes some 50 MB, which it never gives back (its graph cache grows to 64 MB),
and 57 ms to make; a grammar one 0.3 ms and less than 1 MB. So free ones are kept and lent out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import vosk

from ivr.speech.codec import RATE
from ivr.speech.lag import Lag
from ivr.speech.vocabulary import Grammar, Vocabulary


@dataclass
class Tally:
    """What decoding has taken: seconds of sound and CPU seconds of Vosk; of these, what second looks took."""

    audio_s: float = 0.0
    cpu_s: float = 0.0
    again_s: float = 0.0
    again_cpu_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, audio_s: float = 0.0, cpu_s: float = 0.0, again_s: float = 0.0, again_cpu_s: float = 0.0) -> None:
        """Count a piece; a second look counts on both sides. Thread-safe."""
        with self._lock:
            self.audio_s += audio_s + again_s
            self.cpu_s += cpu_s + again_cpu_s
            self.again_s += again_s
            self.again_cpu_s += again_cpu_s


class Pool:
    """The recognisers of one language. Thread-safe; its methods may take 60 ms: call them off the event loop."""

    def __init__(self, model: vosk.Model, language: str, free: int, lag: Lag | None = None) -> None:
        self.language = language
        self.lag = lag or Lag()
        self.vocabulary = Vocabulary(model, language)
        self.tally = Tally()
        self._model = model
        self._lock = threading.Lock()
        self._idle: list[vosk.KaldiRecognizer] = []
        self._makeable = free
        self._waiting: list[Callable[[], None]] = []

    @property
    def free_now(self) -> int:
        """How many free recognisers can be borrowed at this moment."""
        with self._lock:
            return len(self._idle) + self._makeable

    def expecting(self, grammar: Grammar) -> vosk.KaldiRecognizer:
        """A new recogniser for the phrases of `grammar`."""
        begun = time.thread_time()
        recogniser = _with_words(vosk.KaldiRecognizer(self._model, RATE, grammar.json))
        self.tally.add(cpu_s=time.thread_time() - begun)
        return recogniser

    def borrow(self) -> vosk.KaldiRecognizer | None:
        """A free recogniser, or None when all are lent out. Give it back with `give_back`."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            if not self._makeable:
                return None
            self._makeable -= 1
        try:
            return _with_words(vosk.KaldiRecognizer(self._model, RATE))
        except BaseException:
            with self._lock:
                self._makeable += 1
            raise

    def give_back(self, recogniser: vosk.KaldiRecognizer) -> None:
        """Take a free recogniser back, its audio and the sound of its speaker forgotten.

        FinalResult and not Reset: after it the next audio begins with a new feature pipeline, while Reset keeps the old
        one and with it the adaptation to the last caller's voice.
        """
        recogniser.FinalResult()
        with self._lock:
            self._idle.append(recogniser)
            waiting, self._waiting = self._waiting, []
        for wake in waiting:  # all: the first may have been given up meanwhile
            wake()

    def wake_when_free(self, wake: Callable[[], None]) -> None:
        """Call `wake` once when a free recogniser is given back; at once if one is there."""
        with self._lock:
            if not (self._idle or self._makeable):
                self._waiting.append(wake)
                return
        wake()


def _with_words(recogniser: vosk.KaldiRecognizer) -> vosk.KaldiRecognizer:
    recogniser.SetWords(True)
    return recogniser
