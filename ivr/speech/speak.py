"""Sentences to telephone audio: a recording where there is one, else what is kept, else synthesis."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ivr.settings import Speech
from ivr.speech import codec, loudness, wav
from ivr.speech.cache import AudioCache
from ivr.speech.errors import SpeechUnavailable
from ivr.speech.recordings import Recordings
from ivr.speech.voice_process import VoiceProcess
from prompts.sentence import Sentence

VERSION = 1  # of how audio is made; a new one makes all of it anew
MAX_CHARACTERS = 2000  # a longer text is not a sentence
PASSING_BYTES = 8_000_000  # 17 min of sentences with variable parts: a caller may ask for one again, hardly later
Lookup = Callable[[str], bytes | None]
PAD_BEFORE_MS, PAD_AFTER_MS = 40, 180  # silence around a sentence: after it, the pause before the next


class Speaker:
    """Speech for all calls (see `ivr.line.Voice`). Thread-safe. `start` and `stop` it; it starts by itself when used.

    Audio of fixed prompts is kept in `<folder>/<digest>.ulaw`. Sentences with variable parts tell of a citizen (a
    mobile number, an address), so they stay in memory only; they are made in some 20 ms. `studio` gives a recording's
    mu-law by its digest (None: it cannot, the text is spoken then); it blocks.
    """

    def __init__(
        self, settings: Speech, folder: Path, recordings: Path | None = None, studio: Lookup = lambda digest: None
    ) -> None:
        self._settings, self._studio = settings, studio
        self._cache, self._passing = AudioCache(folder), AudioCache(folder, PASSING_BYTES)
        self._recordings = Recordings(recordings, settings.level_dbfs)
        self._process = VoiceProcess()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="speak")
        self._lock = threading.RLock()  # a promise kept at once is forgotten while it is still being made
        self._making: dict[str, Future[bytes]] = {}

    def start(self) -> None:
        """Start the synthesis and check the configured voices. Raises SpeechUnavailable."""
        found = self._process.voices()
        for voice in (self._settings.voice_hi, self._settings.voice_en):
            if voice.split("+")[0].lower() not in found:
                self._process.wav("a", voice, self._settings.rate_en)  # raises with the voices there are

    def stop(self) -> None:
        """Stop the synthesis and its process; sentences being made are finished first."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._process.stop()

    @property
    def pid(self) -> int | None:
        """The id of the synthesis process while it runs."""
        return self._process.pid

    async def audio(self, sentence: Sentence) -> bytes:
        """The 8 kHz mu-law audio of a sentence. Raises SpeechUnavailable."""
        kept = self._passing.peek(self.key(sentence)) if sentence.fixed is None else None
        if kept is not None:
            return kept
        return await asyncio.shield(asyncio.wrap_future(self._promised(sentence)))

    def audio_now(self, sentence: Sentence) -> bytes:
        """The same for threads: blocks until the audio is there."""
        return self._promised(sentence).result()

    def kept(self, sentence: Sentence) -> bool:
        """Whether the audio is there after a restart: recorded, or in a file."""
        return self._cache.has(sentence.recorded or self.key(sentence)) or self._recordings.audio(sentence) is not None

    def key(self, sentence: Sentence) -> str:
        """The digest of all that decides how a sentence sounds."""
        voice, rate = self._voice(sentence.language)
        parts = [VERSION, _clean(sentence.text), sentence.language, voice, rate, self._settings.level_dbfs]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _promised(self, sentence: Sentence) -> Future[bytes]:
        """The audio to come; callers that ask for the same at the same time get the same promise."""
        wanted = f"{self.key(sentence)} {sentence.fixed} {sentence.recorded}"
        with self._lock:
            promise = self._making.get(wanted)
            if promise is None:
                try:
                    promise = self._making[wanted] = self._threads.submit(self._audio, sentence)
                except RuntimeError:
                    raise SpeechUnavailable("Speech synthesis has been stopped.") from None
                promise.add_done_callback(lambda _: self._forget(wanted))
        return promise

    def _forget(self, wanted: str) -> None:
        with self._lock:
            self._making.pop(wanted, None)

    def _audio(self, sentence: Sentence) -> bytes:
        recorded = self._played(sentence.recorded) if sentence.recorded else self._recordings.audio(sentence)
        if recorded is not None:
            return recorded
        key = self.key(sentence)
        cache = self._passing if sentence.fixed is None else self._cache
        audio = cache.get(key)
        if audio is None:
            audio = self._synthesised(sentence)
            cache.put(key, audio, keep=sentence.fixed is not None)
        elif sentence.fixed is not None and not cache.has(key):
            cache.put(key, audio, keep=True)
        return audio

    def _played(self, digest: str) -> bytes | None:
        audio = self._cache.get(digest)
        if audio is None and (audio := self._studio(digest)) is not None:
            self._cache.put(digest, audio, keep=True)
        return audio

    def _synthesised(self, sentence: Sentence) -> bytes:
        text = _clean(sentence.text)
        if len(text) > MAX_CHARACTERS:
            raise SpeechUnavailable(f"A sentence of {len(text)} characters is too long. Split it.")
        if not any(c.isalnum() for c in text):  # espeak-ng would say the name of a sign that stands alone
            return codec.silence(PAD_BEFORE_MS + PAD_AFTER_MS)
        voice, rate = self._voice(sentence.language)
        pcm = wav.pcm_of(self._process.wav(text, voice, rate))
        if loudness.level_dbfs(pcm) <= loudness.FLOOR_DBFS:
            raise SpeechUnavailable("Synthesis made no sound of a sentence. Write it in the letters of its language.")
        spoken = loudness.levelled(pcm, self._settings.level_dbfs)
        return codec.to_ulaw(loudness.trimmed(spoken, PAD_BEFORE_MS, PAD_AFTER_MS))

    def _voice(self, language: str) -> tuple[str, int]:
        if language == "hi":
            return self._settings.voice_hi, self._settings.rate_hi
        return self._settings.voice_en, self._settings.rate_en


def _clean(text: str) -> str:
    """Composed, on one line, without control characters and lone surrogates, which espeak-ng does not survive."""
    kept = (" " if c.isspace() else c for c in unicodedata.normalize("NFC", text))
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn")).split())
