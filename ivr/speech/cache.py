"""Spoken audio kept: the latest in memory, that of fixed prompts also in files that survive a restart."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

log = logging.getLogger(__name__)

MEMORY_BYTES = 64_000_000  # 2 h 13 min of mu-law
FOLDER_BYTES = 400_000_000  # 14 h; above it the files unused for longest go
KEEP_SHARE = 0.8  # ... until so much of FOLDER_BYTES is left
_CHECK_EVERY = 50  # files written between two looks at the folder's size
SUFFIX = ".ulaw"


class AudioCache:
    """Mu-law audio by key (a hexadecimal digest). Thread-safe; `get` and `put` may read and write a file."""

    def __init__(self, folder: Path, memory_bytes: int = MEMORY_BYTES, folder_bytes: int = FOLDER_BYTES) -> None:
        self._folder = folder
        self._memory_bytes, self._folder_bytes = memory_bytes, folder_bytes
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._written = 0

    def peek(self, key: str) -> bytes | None:
        """What memory has; never touches the disk."""
        with self._lock:
            audio = self._memory.get(key)
            if audio is not None:
                self._memory.move_to_end(key)
            return audio

    def get(self, key: str) -> bytes | None:
        """What memory or a file has."""
        audio = self.peek(key)
        if audio is None:
            audio = self._read(key)
            if audio is not None:
                self._remember(key, audio)
        return audio

    def has(self, key: str) -> bool:
        """Whether a file has it, so that it is there after a restart."""
        return self._file(key).is_file()

    def put(self, key: str, audio: bytes, keep: bool) -> None:
        """Keep `audio` in memory and, with `keep`, in a file. A full or read-only disk costs only the file."""
        self._remember(key, audio)
        if not keep:
            return
        try:
            self._write(key, audio)
        except OSError as error:
            log.warning("Spoken audio is not kept in %s: %s.", self._folder, error.strerror or error)

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"

    def _remember(self, key: str, audio: bytes) -> None:
        with self._lock:
            self._size += len(audio) - len(self._memory.pop(key, b""))
            self._memory[key] = audio
            while self._size > self._memory_bytes and len(self._memory) > 1:
                self._size -= len(self._memory.popitem(last=False)[1])

    def _read(self, key: str) -> bytes | None:
        try:
            audio = self._file(key).read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(self._file(key))  # its age tells what was unused for longest
        return audio or None

    def _write(self, key: str, audio: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(audio)
            Path(name).replace(self._file(key))  # whole or not at all, also when several processes write it
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        with self._lock:
            self._written += 1
            check = self._written % _CHECK_EVERY == 0
        if check:
            self.shrink()

    def shrink(self) -> None:
        """Delete the files unused for longest when the folder is larger than allowed."""
        with contextlib.suppress(OSError):
            found = [(f, f.stat()) for f in self._folder.iterdir() if f.suffix in (SUFFIX, ".part")]
            size = sum(stat.st_size for _, stat in found)
            if size <= self._folder_bytes:
                return
            for file, stat in sorted(found, key=lambda f: f[1].st_mtime):
                file.unlink(missing_ok=True)
                size -= stat.st_size
                if size <= self._folder_bytes * KEEP_SHARE:
                    return
