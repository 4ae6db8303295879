"""Recordings of prompts, which take precedence over synthesis: `<folder>/<language>/recordings/<key>.wav`."""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from ivr.speech import codec, loudness, wav
from ivr.speech.errors import BadAudio
from prompts.sentence import Sentence

log = logging.getLogger(__name__)

_SAFE = re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_.\-]*")  # a key is a file name, never a path


@dataclass(frozen=True)
class _Stamp:
    path: Path
    changed_ns: int
    size: int


class Recordings:
    """The recordings below `folder`; None: there are none. A new or changed file counts from the next sentence on.

    `greeting.0.wav` replaces the first sentence of the prompt `greeting`; `greeting.wav` the whole prompt: it is heard
    in place of the first sentence and the others are left out.
    """

    def __init__(self, folder: Path | None, level_dbfs: float) -> None:
        self._folder, self._level_dbfs = folder, level_dbfs
        self._lock = threading.Lock()
        self._read: dict[Path, tuple[_Stamp, bytes | None]] = {}

    def audio(self, sentence: Sentence) -> bytes | None:
        """The recorded mu-law audio of a sentence, evened in loudness; None when there is none that can be read."""
        key = sentence.fixed
        if self._folder is None or not key or not _SAFE.fullmatch(key) or not _SAFE.fullmatch(sentence.language):
            return None
        folder = self._folder / sentence.language / "recordings"
        own = self._of_file(folder / f"{key}.wav")
        if own is not None:
            return own
        prompt, _, index = key.rpartition(".")
        whole = self._of_file(folder / f"{prompt}.wav") if prompt and index.isdecimal() else None
        return whole if whole is None or index == "0" else codec.silence(20)

    def _of_file(self, path: Path) -> bytes | None:
        try:
            stat = path.stat()
        except OSError:
            return None
        stamp = _Stamp(path, stat.st_mtime_ns, stat.st_size)
        with self._lock:
            known = self._read.get(path)
            if known is None or known[0] != stamp:
                known = self._read[path] = (stamp, self._load(path))
        return known[1]

    def _load(self, path: Path) -> bytes | None:
        try:
            return codec.to_ulaw(loudness.levelled(wav.read_wav(path), self._level_dbfs))
        except BadAudio as error:
            log.warning("A recording is left out and the text is spoken instead: %s", error)
            return None
