"""Speech recognition for all calls: shared Vosk models, one ear a turn, decoding in threads.

Vosk releases the interpreter lock while it decodes, so `threads` of them use as many cores and the event loop goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from dialogs.understand.meaning import Hearing
from ivr.actions import Listen
from ivr.settings import Speech
from ivr.speech.lag import Lag
from ivr.speech.models import LANGUAGES, Models
from ivr.speech.pool import Pool, Tally
from ivr.speech.second_look import NEVER, PAYS, Look
from ivr.speech.track import Heard, Track

log = logging.getLogger(__name__)

NICE = 5  # steps below the weight of the event loop; the least weight is 19
FINISH_TIMEOUT_S = 5.0  # a caller does not wait longer for an answer; what is there by then counts


class RecogniserEar:
    """The recognition of one turn (see `ivr.line.Ear`). `languages` without a model do not listen."""

    def __init__(self, tracks: Sequence[Track], timeout_s: float = FINISH_TIMEOUT_S) -> None:
        self._tracks = tracks
        self._timeout_s = timeout_s
        self._fed = False

    def feed(self, audio: bytes) -> None:
        """Queue 8 kHz mu-law audio for decoding."""
        self._fed = self._fed or bool(audio)
        for track in self._tracks:
            track.feed(audio)

    def partial(self) -> tuple[Hearing, ...]:
        """The latest partial hypothesis of each language; confidence 0.5, since a partial has none."""
        return tuple(said for said in (track.partial() for track in self._tracks) if said)

    async def finish(self) -> tuple[Hearing, ...]:
        """Final hypotheses, best first; of equals, the one whose language the question named first."""
        said = [heard.hearing for heard in await self.heard() if heard.hearing]
        return tuple(sorted(said, key=lambda h: -h.confidence))

    async def heard(self) -> tuple[Heard, ...]:
        """As `finish`, with words, way of decoding and its cost, in the order of the question's languages."""
        if not self._fed:
            self.discard()
            return ()
        futures = [asyncio.wrap_future(track.finish()) for track in self._tracks]
        if not futures:
            return ()
        done, late = await asyncio.wait(futures, timeout=self._timeout_s)
        if late:
            log.warning("Recognition took more than %.0f s: %d recogniser(s) left out.", self._timeout_s, len(late))
            self._drop_late(futures)
        return tuple(f.result() for f in futures if f in done)

    def discard(self) -> None:
        """Give the recognisers back without a result."""
        for track in self._tracks:
            track.discard()

    def _drop_late(self, futures: Sequence[asyncio.Future[Heard]]) -> None:
        for track, future in zip(self._tracks, futures, strict=True):
            if not future.done():
                track.discard()


class Recognisers:
    """The shared recognisers (see `ivr.line.Ears`). `close` when the process ends."""

    def __init__(self, settings: Speech, models: Models) -> None:
        self._threads = ThreadPoolExecutor(settings.threads, "recognise", initializer=_step_back)
        self._look = Look(settings.doubtful, settings.second_look_s)
        self.lag = Lag()
        self._pools = {
            language: Pool(model, language, settings.free_recognisers, self.lag)
            for language, model in models.loaded.items()
        }

    @property
    def ready(self) -> bool:
        """Whether speech can be recognised in every configured language."""
        return set(self._pools) >= set(LANGUAGES)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that can be recognised."""
        return tuple(self._pools)

    @property
    def tallies(self) -> dict[str, Tally]:
        """What decoding has taken so far, by language."""
        return {language: pool.tally for language, pool in self._pools.items()}

    def ear(self, listen: Listen) -> RecogniserEar:
        """An ear for the question: grammar or free decoding per language as `listen` says."""
        phrases = dict(listen.grammar)
        tracks = [self._track(lang, phrases, listen) for lang in listen.languages if lang in self._pools]
        return RecogniserEar(tracks)

    def prepare(self, language: str, phrases: tuple[str, ...]) -> None:
        """Make the grammar of `phrases` ahead, so that no caller waits for it and unknown words are reported early."""
        if language in self._pools:
            self._pools[language].vocabulary.grammar(phrases)

    def close(self) -> None:
        """Let what is being decoded end, and stop the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _track(self, language: str, phrases: Mapping[str, tuple[str, ...]], listen: Listen) -> Track:
        look = self._look if listen.expect in PAYS else NEVER
        return Track(self._pools[language], phrases.get(language, ()), listen.free, self._threads, look)


def _step_back() -> None:
    """Lower this thread's weight: a word may come late by some milliseconds, the event loop's frames may not."""
    with contextlib.suppress(AttributeError, OSError):  # Linux gives each thread its own weight; others refuse
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, min(os.getpriority(os.PRIO_PROCESS, thread) + NICE, 19))
