"""The recognition of one turn in one language: a queue of audio, worked off in order by the recogniser threads."""

from __future__ import annotations

import json
import logging
import threading
import time
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

import vosk

from dialogs.understand.meaning import Hearing
from ivr.speech.codec import BYTES_PER_MS, to_pcm
from ivr.speech.pool import Pool
from ivr.speech.scoring import Word, hearing, words_of
from ivr.speech.second_look import NEVER, Look, looked_again
from ivr.speech.vocabulary import UNKNOWN, Grammar

log = logging.getLogger(__name__)

BATCH_BYTES = 100 * BYTES_PER_MS  # decoded at once: fewer switches between threads at the same cost of decoding
PIECE_BYTES = 1000 * BYTES_PER_MS  # a longer backlog is decoded in pieces, so that other calls get their turn
HELD_BYTES = 60_000 * BYTES_PER_MS  # audio kept at most while it waits for a recogniser
PARTIAL_CONFIDENCE = 0.5  # of a partial hypothesis, which carries none


@dataclass(frozen=True)
class Heard:
    """What one track made of its audio."""

    hearing: Hearing | None = None
    words: tuple[Word, ...] = ()
    free: bool = False
    decoding_ms: float = 0.0


@dataclass
class _Work:
    """What the threads share, under the track's lock."""

    pending: bytearray = field(default_factory=bytearray)
    running: bool = False
    waiting: bool = False
    closing: bool = False
    discarded: bool = False


class Track:
    """One language of an ear. `feed`, `partial`, `finish` and `discard` never block.

    Without `phrases` that the model knows it is decoded freely. With `free`, too, and the phrases are then the grammar
    that is fallen back to when all free recognisers are lent out. What the grammar heard in doubt is looked at again as
    `look` says (second_look). At most one thread works on a track at a time.
    """

    def __init__(self, pool: Pool, phrases: tuple[str, ...], free: bool, threads: Executor, look: Look = NEVER) -> None:
        self.language = pool.language
        self._pool, self._phrases, self._threads = pool, phrases, threads
        self._grammar: Grammar | None = None
        self._free = free
        self._look = look
        self._audio = bytearray()
        self._lock = threading.Lock()
        self._work = _Work()
        self._recogniser: vosk.KaldiRecognizer | None = None
        self._borrowed = False
        self._words: list[Word] = []
        self._partial = ""
        self._spent_s = 0.0
        self._result: Future[Heard] = Future()

    def feed(self, ulaw: bytes) -> None:
        """Queue mu-law audio."""
        with self._lock:
            if self._work.closing or self._result.done() or len(self._work.pending) > HELD_BYTES:
                return
            self._work.pending += ulaw
            enough = len(self._work.pending) >= BATCH_BYTES
        if enough:
            self._pool.lag.ready(self)
            self._go_on()

    def partial(self) -> Hearing | None:
        """The hypothesis so far."""
        text = " ".join(w for w in self._partial.split() if w != UNKNOWN)
        return Hearing(text, PARTIAL_CONFIDENCE, self.language) if text else None

    def finish(self) -> Future[Heard]:
        """Decode what is left and give the recogniser back; the future always gets a result."""
        with self._lock:
            self._work.closing = True
        self._pool.lag.ready(self)
        self._go_on()
        return self._result

    def discard(self) -> None:
        """Drop what is left and give the recogniser back."""
        with self._lock:
            self._work.discarded = True
            self._work.pending.clear()
        self._pool.lag.done(self)
        self.finish()

    def _go_on(self, woken: bool = False) -> None:
        with self._lock:
            if woken:
                self._work.waiting = False
            if self._result.done():
                self._pool.lag.done(self)
                return
            if self._work.running or (self._work.waiting and not self._work.discarded):
                return
            self._work.running = True
        try:
            self._threads.submit(self._run)
        except RuntimeError:  # the threads are shut down: the process ends
            self._end()

    def _run(self) -> None:
        try:
            more = self._step()
        except Exception:
            log.exception("Recognition in %s failed; the turn goes on without it.", self.language)
            self._end()
            return
        with self._lock:
            self._work.running = False
            more = more or len(self._work.pending) >= BATCH_BYTES or self._work.closing
            more = more and not self._result.done()  # what is concluded must not count as waiting for ever
        if more:
            self._pool.lag.ready(self)
            self._go_on()

    def _step(self) -> bool:
        """Decode one piece; True when there is more to do."""
        if self._work.discarded:
            self._end()
            return False
        with self._lock:
            ready = bool(self._work.pending)
            closing = self._work.closing
        if ready and not self._has_recogniser():
            return False
        with self._lock:
            piece = bytes(self._work.pending[:PIECE_BYTES])
            del self._work.pending[:PIECE_BYTES]
            rest = bool(self._work.pending)
        if piece:
            self._decode(piece)
        if not rest:
            self._pool.lag.done(self)
        if closing and not rest:
            self._conclude()
            return False
        return rest

    def _has_recogniser(self) -> bool:
        if self._recogniser is None and self._grammar is None:
            self._grammar = self._pool.vocabulary.grammar(self._phrases)
            self._free = self._free or self._grammar is None
        if self._recogniser is None and self._free:
            self._recogniser = self._pool.borrow()
            self._borrowed = self._recogniser is not None
        if self._recogniser is None and self._grammar is not None:
            self._free = False
            self._recogniser = self._pool.expecting(self._grammar)
        if self._recogniser is None:
            self._wait()
        return self._recogniser is not None

    def _wait(self) -> None:
        with self._lock:
            self._work.waiting = True
        self._pool.wake_when_free(lambda: self._go_on(woken=True))

    def _decode(self, ulaw: bytes) -> None:
        assert self._recogniser is not None
        if not self._free:
            self._audio += ulaw
        begun = time.thread_time()
        if self._recogniser.AcceptWaveform(to_pcm(ulaw)):
            self._words += words_of(self._recogniser.Result())
            self._partial = " ".join(w.text for w in self._words)
        else:
            so_far = str(json.loads(self._recogniser.PartialResult()).get("partial", ""))
            self._partial = " ".join([*(w.text for w in self._words), so_far])
        spent = time.thread_time() - begun
        self._spent_s += spent
        self._pool.tally.add(audio_s=len(ulaw) / BYTES_PER_MS / 1000, cpu_s=spent)

    def _conclude(self) -> None:
        begun = time.thread_time()
        if self._recogniser is not None:
            self._words += words_of(self._recogniser.FinalResult())
        said = hearing(self._words, self.language, self._grammar, self._free)
        self._pool.tally.add(cpu_s=time.thread_time() - begun)
        if self._words and self._grammar and not self._free and self._look.again(said, self._audio):
            said = looked_again(self._pool, bytes(self._audio), self._grammar, said)
        self._spent_s += time.thread_time() - begun
        self._end(Heard(said, tuple(self._words), self._free, self._spent_s * 1000))

    def _end(self, heard: Heard | None = None) -> None:
        """Give the recogniser back and let go of who waits."""
        self._pool.lag.done(self)
        recogniser, self._recogniser = self._recogniser, None
        if recogniser is not None and self._borrowed:
            self._pool.give_back(recogniser)
        if not self._result.done():
            self._result.set_result(heard or Heard())
